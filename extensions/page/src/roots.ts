/** The places of the page where outputs live: those of the cells, and what is shown later, below them. */

import { type DOMWidgetView, WidgetView } from '@jupyter-widgets/base';
import { Widget } from '@lumino/widgets';
import { type Filled, filled } from './filling';
import type { Pair } from './handover';
import type { PageManager } from './manager';
import { OutputList } from './output_list';
import { type Context, displayId, element, NOT_SHOWN, note } from './outputs';
import type { OutputModel } from './output_widget';
import type { Clear, Output, ShownOutput } from './protocol';

const KEPT_BELOW = 200;
const NOTHING: Filled = { outputs: [], clearing: false };

export class Roots implements Context {
  private below: Filled = NOTHING;
  private readonly list: OutputList;

  constructor(
    private readonly manager: PageManager,
    readonly scripts: boolean,
    private readonly living: readonly Output[]
  ) {
    const place = document.getElementById('below');
    this.list = new OutputList(place ?? document.body, this);
    Object.assign(manager, { context: this satisfies Context });
  }

  /** Show a widget in an element, until the element is left. */
  widget(model: string, host: HTMLElement): void {
    this.manager.wait(
      this.attach(model, host).catch(error => {
        console.error('A widget could not be shown.', error);
        note(host, NOT_SHOWN);
      })
    );
  }

  private async attach(id: string, host: HTMLElement): Promise<void> {
    if (!this.manager.has_model(id)) {
      note(host, 'This part of the app is no longer there.');
      return;
    }
    const view = await this.manager.create_view<DOMWidgetView>(await this.manager.get_model(id));
    if (!(view instanceof WidgetView) || !view.luminoWidget) {
      return;
    }
    host.addEventListener('leave', () => view.remove(), { once: true });
    if (host.isConnected) {
      Widget.attach(view.luminoWidget, host);
    }
  }

  /** Make the living outputs beside what is there now, unseen; the pairs to hand over. */
  prepare(): Pair[] {
    return [...document.querySelectorAll<HTMLElement>('[data-living]')].map(drawn => {
      const place = drawn.dataset.living ?? '';
      const living = document.createElement('div');
      living.className = `${drawn.className} coming`;
      living.dataset.living = place;
      living.toggleAttribute('inert', true);
      drawn.after(living);
      if (this.scripts) {
        // A script finds its place by an id, which the drawn output has too: it would draw in what is about to go.
        drawn.querySelectorAll('[id]').forEach(each => each.removeAttribute('id'));
      }
      const made = element(this.living[Number(place)], this);
      living.append(made);
      return { drawn, living };
    });
  }

  /** Something was shown while the app ran, or emptied: in an Output widget, or below the cells. */
  async fill(message: ShownOutput | Clear): Promise<void> {
    if (message.widget) {
      (await this.outputModel(message.widget))?.fill(message);
    } else {
      this.show(filled(this.below, message));
    }
  }

  /** Replace the outputs with this display id, wherever they are. */
  async update(id: string, output: Output): Promise<void> {
    const named = { ...output, metadata: { ...output.metadata, display_id: id } };
    this.show({ ...this.below, outputs: this.below.outputs.map(shown => (displayId(shown) === id ? named : shown)) });
    for (const model of this.manager.models) {
      const found = await this.manager.get_model(model);
      if (found.get('_model_name') === 'OutputModel') {
        (found as OutputModel).replace(id, output);
      }
    }
    for (const shown of document.querySelectorAll<HTMLElement>(`main [data-display="${CSS.escape(id)}"]`)) {
      if (!shown.closest('#below, .widget-output')) {
        shown.dispatchEvent(new CustomEvent('leave'));
        shown.replaceWith(element(named, this));
      }
    }
  }

  /** Empty what was shown below the cells. */
  reset(): void {
    this.show(NOTHING);
  }

  private show({ outputs, clearing }: Filled): void {
    this.below = { outputs: outputs.slice(-KEPT_BELOW), clearing };
    this.list.show(this.below.outputs);
  }

  private async outputModel(id: string): Promise<OutputModel | null> {
    return this.manager.has_model(id) ? ((await this.manager.get_model(id)) as OutputModel) : null;
  }
}
