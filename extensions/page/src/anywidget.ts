/**
 * Widgets that bring their front end as a module of JavaScript (anywidget). They run only where the app has the
 * permission for scripts of its own; elsewhere a sentence stands in their place.
 */

import { DOMWidgetModel, DOMWidgetView, uuid, type WidgetModel } from '@jupyter-widgets/base';
import { type Context, NO_SCRIPTS, NOT_SHOWN, note } from './outputs';

const INVOKE_SECONDS = 3;
const READY_SECONDS = 10;

interface Definition {
  initialize?(given: object): unknown;
  render?(given: object): unknown;
}

function contextOf(model: WidgetModel): Context {
  return (model.widget_manager as unknown as { context: Context }).context;
}

/** The model as a widget's own module sees it; `owner` is whose listeners are taken away together. */
function face(model: WidgetModel, owner: object): object {
  return {
    get: model.get.bind(model),
    set: model.set.bind(model),
    save_changes: model.save_changes.bind(model),
    send: model.send.bind(model),
    on: (name: string, callback: () => void) => model.on(name, callback, owner),
    off: (name?: string | null, callback?: () => void) => model.off(name ?? null, callback ?? null, owner),
    widget_manager: model.widget_manager,
  };
}

/** Ask the Python side for something, and wait for its answer. */
function invoke(model: WidgetModel, name: string, message?: unknown, options: InvokeOptions = {}): Promise<unknown> {
  const id = uuid();
  const signal = options.signal ?? AbortSignal.timeout(INVOKE_SECONDS * 1000);
  return new Promise((resolve, reject) => {
    const answer = (content: { id?: string; kind?: string; response?: unknown }, buffers: DataView[]) => {
      if (content.id === id && content.kind === 'anywidget-command-response') {
        model.off('msg:custom', answer);
        resolve([content.response, buffers]);
      }
    };
    signal.addEventListener('abort', () => {
      model.off('msg:custom', answer);
      reject(signal.reason);
    });
    model.on('msg:custom', answer);
    model.send({ id, kind: 'anywidget-command', name, msg: message } as never, undefined, options.buffers ?? []);
  });
}

interface InvokeOptions {
  buffers?: ArrayBuffer[];
  signal?: AbortSignal;
}

async function load(source: string): Promise<Definition> {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    const module = (await import(url)) as { default?: Definition | (() => Promise<Definition>); render?: Definition['render'] };
    if (module.render) {
      return { render: module.render };
    }
    const made = typeof module.default === 'function' ? await module.default() : module.default;
    return made ?? {};
  } finally {
    URL.revokeObjectURL(url);
  }
}

export class AnyModel extends DOMWidgetModel {
  /** What the widget's module defines, once it is loaded and has prepared the model. */
  declare definition: Promise<Definition>; // both are set before the constructor's own part would run
  declare private ending: AbortController;

  override initialize(attributes: Backbone.ObjectHash, options: never): void {
    super.initialize(attributes, options);
    this.definition = Promise.resolve({});
    this.ending = new AbortController();
    this.once('destroy', () => this.ending.abort());
    this.begin();
    this.on('change:_esm', () => this.begin());
    this.on('change:_css', () => this.dress());
  }

  get allowed(): boolean {
    return contextOf(this).scripts;
  }

  private begin(): void {
    if (this.allowed) {
      this.dress();
      this.definition = this.prepare();
      this.definition.catch(error => console.error('A widget of the app could not be loaded.', error));
    }
  }

  private async prepare(): Promise<Definition> {
    const definition = await load(String(this.get('_esm')));
    const given = { model: face(this, definition), signal: this.ending.signal, experimental: this.experimental };
    const cleanup = await definition.initialize?.(given);
    if (typeof cleanup === 'function') {
      this.ending.signal.addEventListener('abort', () => cleanup());
    }
    return definition;
  }

  get experimental(): object {
    return { invoke: (name: string, message?: unknown, options?: InvokeOptions) => invoke(this, name, message, options) };
  }

  private dress(): void {
    const [id, css] = [`style-of-${this.get('_anywidget_id')}`, String(this.get('_css') ?? '')];
    const style = document.getElementById(id) ?? Object.assign(document.createElement('style'), { id });
    style.textContent = css;
    document.head.append(style);
  }

  override async _handle_comm_msg(...given: Parameters<DOMWidgetModel['_handle_comm_msg']>): Promise<void> {
    const late = new Promise(resolve => setTimeout(resolve, READY_SECONDS * 1000));
    await Promise.race([this.definition.catch(() => undefined), late]); // it must hear what is sent to it at the start
    return super._handle_comm_msg(...given);
  }

  override serialize(state: Record<string, unknown>): never {
    const packed: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(state)) {
      // Binary traits stay as they are; what is made of models is named by their ids.
      packed[name] = name === 'layout' || name === 'style' ? JSON.parse(JSON.stringify(value)) : structuredClone(value);
    }
    return packed as never;
  }
}

export class AnyView extends DOMWidgetView {
  private readonly ending = new AbortController();

  override async render(): Promise<void> {
    super.render();
    this.el.classList.add('jupyter-widgets');
    await this.show();
    this.listenTo(this.model, 'change:_esm', () => void this.show());
  }

  private async show(): Promise<void> {
    const model = this.model as AnyModel;
    if (!model.allowed) {
      note(this.el, NO_SCRIPTS);
      return;
    }
    try {
      const definition = await model.definition;
      model.off(undefined, undefined, this);
      this.el.replaceChildren();
      const { experimental } = model;
      const given = { model: face(model, this), el: this.el, signal: this.ending.signal, host: undefined, experimental };
      const cleanup = await definition.render?.(given);
      if (typeof cleanup === 'function') {
        this.ending.signal.addEventListener('abort', () => cleanup());
      }
    } catch (error) {
      console.error('A widget of the app could not be shown.', error);
      note(this.el, NOT_SHOWN);
    }
  }

  override remove(): this {
    this.ending.abort();
    return super.remove() as this;
  }
}
