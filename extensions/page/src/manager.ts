/** The widgets of the page: made from the snapshot, kept in step with the visitor's process. */

import { DOMWidgetView, type ICallbacks, put_buffers, uuid, type WidgetModel, WidgetView } from '@jupyter-widgets/base';
import { ManagerBase } from '@jupyter-widgets/base-manager';
import type { JSONObject } from '@lumino/coreutils';
import { asKernelMessage, type Comms, type PageComm } from './comm';
import { FailedView } from './failed';
import { setFormulas } from './formulas';
import { UnknownModule, widgetClass } from './modules';
import type { FromProcess, State, WidgetState } from './protocol';
import { inline } from './sanitise';

const TARGET = 'jupyter.widget';
const WIDGETS_PROTOCOL = '2.1.0';

/** The element of a view carries the id of its model under this name (`data-widget`), as drawn ones do. */
export const MARK = 'widget';

export class PageManager extends ManagerBase {
  /** Where the widget library looks for what sets formulas. */
  readonly _rendermime = {
    latexTypesetter: { typeset: (element: HTMLElement) => void setFormulas(element) },
  };
  private readonly known = new Set<string>();
  private readonly made = new Map<string, WidgetModel>();
  private readonly pending = new Set<Promise<unknown>>();

  constructor(
    readonly comms: Comms,
    private readonly onUnknown: (module: string) => void
  ) {
    super();
    comms.beforeCustom = () => this.made.forEach(sendHeld);
  }

  /** The ids of all widgets that are there. */
  get models(): readonly string[] {
    return [...this.known];
  }

  /** Make all widgets of a snapshot; one that is there already takes over the state. */
  async restore(widgets: { [model: string]: WidgetState }): Promise<void> {
    // Each model is registered before any state is read, so that they may refer to each other in any order.
    await Promise.all(Object.entries(widgets).map(([id, widget]) => this.restoreOne(id, widget)));
  }

  private async restoreOne(id: string, widget: WidgetState): Promise<void> {
    const state = withBuffers(widget);
    if (this.has_model(id)) {
      const model = await this.get_model(id);
      const kind = model.constructor as typeof WidgetModel;
      model.set_state(await kind._deserialize_state(state, this));
      return;
    }
    const { model_name, model_module, model_module_version } = widget;
    const comm = this.comms.make(TARGET, id);
    this.known.add(id);
    await this.new_model({ model_id: id, model_name, model_module, model_module_version, comm }, state);
  }

  /** Take over all there is now, as the process says it: what it does not name is closed. */
  async replaceAll(state: State): Promise<void> {
    for (const id of this.known) {
      if (!(id in state.widgets)) {
        this.known.delete(id);
        this.comms.close(id);
        await (await this.get_model(id)).close(true);
      }
    }
    await this.restore(state.widgets);
  }

  /** A comm message of the process. */
  async take(message: FromProcess, buffers: DataView[]): Promise<void> {
    const comm = this.comms.get(message.comm);
    if (message.kind === 'open') {
      if (message.target === TARGET && !comm) {
        await this.opened(message, buffers);
      }
    } else if (comm) {
      if (message.kind === 'close') {
        this.known.delete(message.comm);
      }
      await comm.take(message, buffers);
    }
  }

  private async opened(message: FromProcess, buffers: DataView[]): Promise<void> {
    const comm = this.comms.make(TARGET, message.comm);
    this.known.add(message.comm);
    const metadata = { version: WIDGETS_PROTOCOL, ...message.metadata };
    await this.handle_comm_open(comm, asKernelMessage({ ...message, metadata }, buffers) as never);
  }

  /** Forget every widget, without a word to the process. */
  async forget(): Promise<void> {
    this.comms.clear();
    const ids = [...this.known];
    this.known.clear();
    for (const id of ids) {
      const model = await this.get_model(id);
      model.trigger('comm:close');
      await model.close(true);
    }
  }

  override create_view<VT extends DOMWidgetView>(model: WidgetModel, options?: object): Promise<VT>;
  override create_view<VT extends WidgetView>(model: WidgetModel, options: object = {}): Promise<VT> {
    // As the library does it, whose own words for a view that cannot be made fail themselves, and hide the reason.
    const made = model.state_change.then(() => this.view(model, options)) as Promise<VT>;
    model.state_change = made;
    const id = uuid();
    if (model.views) {
      model.views[id] = made;
      void made.then(view => view.once('remove', () => delete model.views?.[id]));
    }
    this.wait(made);
    return made;
  }

  private async view(model: WidgetModel, options: object): Promise<WidgetView> {
    const { _view_name: name, _view_module: module, _view_module_version: version } = model.attributes;
    const given = { model, options: this.setViewOptions(options) } as never;
    let view: WidgetView | undefined;
    try {
      const kind = (await this.loadViewClass(name, module, version)) as unknown as typeof WidgetView;
      view = new kind(given);
      await view.render();
    } catch (error) {
      console.error('A widget could not be shown.', error);
      view?.stopListening();
      view = new FailedView(given);
      view.render();
    }
    view.listenTo(model, 'destroy', view.remove);
    this.watch(view);
    return view;
  }

  private watch(view: WidgetView): void {
    if (view instanceof DOMWidgetView) {
      view.el.dataset[MARK] = view.model.model_id;
      this.wait(
        view.displayed.then(() => {
          this.wait(view.layoutPromise);
          this.wait(view.stylePromise);
        })
      );
    }
  }

  /** Have `drawn` wait for this as well. */
  wait(promise: Promise<unknown>): void {
    const settled: Promise<unknown> = promise.catch(() => undefined).then(() => this.pending.delete(settled));
    this.pending.add(settled);
  }

  /** Resolved when all views that are being made are there with their layout and style, or after `limit` ms. */
  async drawn(limit: number): Promise<void> {
    const until = performance.now() + limit;
    const late = new Promise(resolve => setTimeout(resolve, limit));
    while (this.pending.size > 0 && performance.now() < until) {
      await Promise.race([Promise.all(this.pending), late]);
      await new Promise(resolve => setTimeout(resolve));
    }
  }

  protected override async loadClass(name: string, module: string): Promise<never> {
    try {
      return widgetClass(name, module) as never;
    } catch (error) {
      if (error instanceof UnknownModule) {
        this.onUnknown(error.module);
      }
      throw error;
    }
  }

  override register_model(id: string, model: Promise<WidgetModel>): void {
    super.register_model(id, model);
    void model.then(made => {
      this.made.set(id, made);
      made.once('destroy', () => this.made.delete(id));
    });
  }

  override inline_sanitize(source: string): string {
    return inline(source);
  }

  override callbacks(): ICallbacks {
    return {};
  }

  protected async _create_comm(target: string, id?: string, data?: JSONObject, metadata?: JSONObject): Promise<PageComm> {
    const comm = this.comms.make(target, id ?? uuid());
    if (data) {
      comm.open(data, undefined, metadata);
    }
    return comm;
  }

  protected async _get_comm_info(): Promise<object> {
    return {};
  }
}

/** A widget holds back a state while the one before it is not answered; send it now. */
function sendHeld(model: WidgetModel): void {
  const held = model as unknown as { _msg_buffer: JSONObject | null; _msg_buffer_callbacks: object | null };
  if (held._msg_buffer !== null && held._msg_buffer !== undefined) {
    const { _msg_buffer: state, _msg_buffer_callbacks: callbacks } = held;
    held._msg_buffer = held._msg_buffer_callbacks = null;
    model.rememberLastUpdateFor(model.send_sync_message(state, callbacks ?? {}));
  }
}

function withBuffers(widget: WidgetState): JSONObject {
  const state = structuredClone(widget.state);
  const buffers = widget.buffers ?? [];
  const parts = buffers.map(buffer => new DataView(decoded(buffer.data)));
  put_buffers(
    state as never,
    buffers.map(buffer => buffer.path),
    parts
  );
  return state;
}

function decoded(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0)).buffer;
}
