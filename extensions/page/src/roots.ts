/** The places of the page where outputs live: those of the cells, and what is shown later, below them. */

import { type DOMWidgetView, WidgetView } from '@jupyter-widgets/base';
import { Widget } from '@lumino/widgets';
import type { Pair } from './handover';
import type { PageManager } from './manager';
import { OutputList } from './output_list';
import { appended, type Context, displayId, element, note } from './outputs';
import type { OutputModel } from './output_widget';
import type { Output } from './protocol';

const KEPT_BELOW = 200;

export class Roots implements Context {
  private below: Output[] = [];
  private clearing = false;
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
        note(host, 'This part of the app could not be shown.');
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
      const made = element(this.living[Number(place)], this);
      living.append(made);
      return { drawn, living };
    });
  }

  /** Something was shown while the app ran. */
  async show(widget: string, output: Output): Promise<void> {
    if (widget) {
      (await this.outputModel(widget))?.add(output);
    } else {
      this.below = appended(this.clearing ? [] : this.below, output).slice(-KEPT_BELOW);
      this.clearing = false;
      this.list.show(this.below);
    }
  }

  async clear(widget: string, wait: boolean): Promise<void> {
    if (widget) {
      (await this.outputModel(widget))?.empty(wait);
    } else if (wait) {
      this.clearing = true;
    } else {
      this.below = [];
      this.list.show([]);
    }
  }

  /** Replace the outputs with this display id, wherever they are. */
  async update(id: string, output: Output): Promise<void> {
    const named = { ...output, metadata: { ...output.metadata, display_id: id } };
    this.below = this.below.map(shown => (displayId(shown) === id ? named : shown));
    this.list.show(this.below);
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
    this.below = [];
    this.list.show([]);
  }

  private async outputModel(id: string): Promise<OutputModel | null> {
    return this.manager.has_model(id) ? ((await this.manager.get_model(id)) as OutputModel) : null;
  }
}
