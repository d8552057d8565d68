/** The drawn page as a place for answers: what the app sets, prints and shows, as far as that takes no client. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { put as putMarkup } from './lifeless';
import { type Allowed, show } from './markup';
import type { Output } from './protocol';
import { append, base64, FORMULA } from './shown';
import { DATE, dateText, MARKUP } from './simple';
import { slideTo } from './sliding';

/** What in a widget can be locked. */
const LOCKED = 'input, textarea, select, button';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Each method tells whether all of it is seen now. */
export class Drawings {
  /** Output widgets that are emptied when their next output comes. */
  private readonly emptied = new Set<string>();

  /**
   * @param ours - Whether the page is one of ours, to which markup of the app comes only by those lists.
   */
  constructor(
    private readonly ours: boolean,
    private readonly lists: () => Allowed | undefined
  ) {}

  /** Draw what a widget of a kind has been set to; `now` is all that is known of its state. */
  set(model: string, name: string, { value, index, disabled }: JSONObject, now: JSONObject): boolean {
    const plain = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
    const text = name === DATE ? dateText(value) : plain;
    let seen = true;
    for (const drawn of this.of(model)) {
      if (typeof disabled === 'boolean') {
        [drawn, ...drawn.querySelectorAll(LOCKED)].forEach(each => 'disabled' in each && (each.disabled = disabled));
      }
      if (value === undefined && index === undefined) {
        continue;
      }
      if (name === 'LabelModel') {
        drawn.textContent = text;
      } else if (MARKUP.test(name)) {
        const content = drawn.querySelector('.widget-html-content, .widget-htmlmath-content');
        const formula = name === 'HTMLMathModel' && FORMULA.test(text);
        seen = content !== null && !formula && this.mark(content, text) && seen;
      } else if (name.endsWith('SliderModel')) {
        slideTo(drawn, value ?? null, now);
      } else if (name === 'ToggleButtonModel') {
        drawn.classList.toggle('mod-active', value === true);
      } else if (name === 'ToggleButtonsModel') {
        drawn.querySelectorAll('button').forEach((each, number) => each.classList.toggle('mod-active', number === index));
      } else {
        const fields = drawn.querySelectorAll<Field>('input, textarea, select');
        const busy = name === 'RadioButtonsModel' ? null : document.activeElement;
        fields.forEach(field => field !== busy && put(field, text, value, index));
      }
    }
    return seen;
  }

  /** Draw what the layout of a widget has been set to: its names are those of CSS. */
  lay(model: string, set: JSONObject): void {
    for (const drawn of this.of(model)) {
      Object.entries(set).forEach(([name, value]) => drawn.style.setProperty(name.replace(/_/g, '-'), String(value ?? '')));
    }
  }

  /** Draw a picture anew. */
  picture(model: string, bytes: DataView, format: string): void {
    const source = `data:image/${format};base64,${base64(bytes)}`;
    this.of(model).forEach(drawn => drawn.setAttribute('src', source));
  }

  /** An Output widget is emptied, at once or when the next output comes. */
  clear(model: string, wait: boolean): boolean {
    const drawn = this.of(model);
    if (wait) {
      this.emptied.add(model);
    } else {
      drawn.forEach(each => each.replaceChildren());
    }
    return drawn.length > 0;
  }

  /** One more output of an Output widget. */
  output(model: string, output: Output): boolean {
    if (this.emptied.delete(model)) {
      this.clear(model, false);
    }
    const shown = [...this.of(model)].map(each => append(each, output, (element, html) => this.mark(element, html)));
    return shown.length > 0 && !shown.includes(false);
  }

  private of(model: string): NodeListOf<HTMLElement> {
    return document.querySelectorAll(`[data-living] [data-widget="${CSS.escape(model)}"]`);
  }

  private mark(element: Element, html: string): boolean {
    const lists = this.lists();
    if (this.ours) {
      return lists !== undefined && show(element, html, lists);
    }
    putMarkup(element, html);
    return true;
  }
}

function put(
  field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
  text: string,
  value: JSONValue | undefined,
  index: JSONValue | undefined
): void {
  if (field instanceof HTMLSelectElement) {
    field.selectedIndex = typeof index === 'number' ? index : -1;
  } else if (field instanceof HTMLInputElement && field.type === 'checkbox') {
    field.checked = value === true;
  } else if (field instanceof HTMLInputElement && field.type === 'radio') {
    field.checked = field.value === String(index);
  } else {
    field.value = text;
  }
}
