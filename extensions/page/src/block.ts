/** What a drawn page knows of its widgets: its data block, which comes after its body. */

import type { Allowed } from './markup';
import type { WidgetState } from './protocol';

/** The data block: of a page of ours with the lists for markup, and with whose layout each is. */
interface Data {
  widgets: { [model: string]: WidgetState };
  markup?: Allowed;
  layouts?: { [layout: string]: string };
}

/** What begins the name of another widget: it may be one that comes later. */
export const REFERENCE = 'IPY_MODEL_';

export class Block {
  private read: Partial<Data> | null = null;

  /** The data block with this id, which has at least the widgets that are simple. */
  constructor(private readonly id: string) {}

  get widgets(): { [model: string]: WidgetState } {
    return this.data.widgets ?? {};
  }

  get markup(): Allowed | undefined {
    return this.data.markup;
  }

  /** Whose layout each is, with blanks between several. */
  get layouts(): { [layout: string]: string } {
    const { data } = this;
    if (!data.layouts) {
      data.layouts = {};
      for (const [model, { state }] of Object.entries(this.widgets)) {
        const layout = String(state.layout ?? '').replace(REFERENCE, '');
        data.layouts[layout] = layout in data.layouts ? `${data.layouts[layout]} ${model}` : model;
      }
    }
    return data.layouts;
  }

  /** Nothing that an app draws is right in the body. On a slow line the body is seen and used before all of this is there. */
  private get data(): Partial<Data> {
    const block = document.querySelector(`body > script#${this.id}`);
    const whole = block?.nextSibling || document.readyState !== 'loading';
    this.read ??= whole ? (JSON.parse(block?.textContent ?? 'null') as Data | null) : null;
    return this.read ?? {};
  }
}
