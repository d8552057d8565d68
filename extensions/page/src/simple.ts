/** The widgets that are simple: what a person sets in them and what the app answers takes no client. */

import type { JSONObject } from '@lumino/coreutils';
import type { WidgetState } from './protocol';
import { SLIDER } from './sliding';

const NUMBER = /^(?:Bounded)?(Int|Float)TextModel$/;
const TEXT = /^Text(?:area)?Model$/;
const CHOICE = /^(?:Dropdown|Select)Model$/;
const ONE_OF = /^(?:ToggleButtons|RadioButtons)Model$/;
const TOGGLED = /^(?:Checkbox|ToggleButton)Model$/;
/** Widgets that show markup. */
export const MARKUP = /^HTML(?:Math)?Model$/;

/** Whether what a widget shows is its `value`. */
export function hasValue(name: string): boolean {
  return [TOGGLED, SLIDER, NUMBER, TEXT, MARKUP].some(kind => kind.test(name)) || name === 'LabelModel';
}

/** Whether what a widget shows is its `index` in a list. */
export function hasIndex(name: string): boolean {
  return CHOICE.test(name) || ONE_OF.test(name);
}

/** What a change of a field sets; undefined while it is nothing yet, null where the client has to see to it. */
export function fieldState({ model_name: name, state }: WidgetState, field: Element, type: string): JSONObject | undefined | null {
  const eager = state.continuous_update === true;
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    if (field instanceof HTMLInputElement && field.type === 'checkbox' && name === 'CheckboxModel') {
      return type === 'change' ? { value: field.checked } : undefined;
    }
    if (field instanceof HTMLInputElement && field.type === 'radio' && name === 'RadioButtonsModel') {
      return type === 'change' ? { index: Number(field.value) } : undefined;
    }
    const number = NUMBER.exec(name);
    if (!number && !TEXT.test(name)) {
      return null;
    }
    if (type === 'input' && !eager) {
      return undefined;
    }
    return number ? numberState(number[1] === 'Int' ? parseInt(field.value, 10) : parseFloat(field.value), state, type) : { value: field.value };
  }
  if (field instanceof HTMLSelectElement && CHOICE.test(name)) {
    const none = field.selectedIndex < 0 || field.selectedOptions[0].hidden;
    return type === 'change' ? { index: none ? null : field.selectedIndex } : undefined;
  }
  return null;
}

function numberState(value: number, { min, max }: JSONObject, type: string): JSONObject | undefined | null {
  if (Number.isNaN(value) && type === 'input') {
    return undefined; // it is being written
  }
  const within = !(typeof min === 'number' && value < min) && !(typeof max === 'number' && value > max);
  return Number.isFinite(value) && within ? { value } : null;
}
