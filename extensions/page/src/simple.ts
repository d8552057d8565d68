/** The widgets that are simple: what a person sets in them and what the app answers takes no client. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { WidgetState } from './protocol';
import { SLIDER } from './sliding';

const NUMBER = /^(?:Bounded)?(Int|Float)TextModel$/;
const TEXT = /^Text(?:area)?Model$/;
const CHOICE = /^(?:Dropdown|Select)Model$/;
const ONE_OF = /^(?:ToggleButtons|RadioButtons)Model$/;
const TOGGLED = /^(?:Checkbox|ToggleButton)Model$/;
/** The model of a field for a date. */
export const DATE = 'DatePickerModel';
/** Widgets that show markup. */
export const MARKUP = /^HTML(?:Math)?Model$/;

/** Whether what a widget shows is its `value`. */
export function hasValue(name: string): boolean {
  return [TOGGLED, SLIDER, NUMBER, TEXT, MARKUP].some(kind => kind.test(name)) || name === 'LabelModel' || name === DATE;
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
    if (field.type === 'date' && name === DATE) {
      return type === 'change' && !field.validity.badInput ? { value: dateValue(field.value) } : undefined;
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

/** A date as a field for one has it, from how the widget library has it: its months are counted from 0. */
export function dateText(value: JSONValue | undefined): string {
  const { year, month, date } = Object(value) as { [part: string]: number | undefined };
  return year === undefined || month === undefined ? '' : [padded(year, 4), padded(month + 1, 2), padded(date ?? 1, 2)].join('-');
}

function dateValue(text: string): JSONObject | null {
  const [year, month, date] = text.split('-').map(Number);
  return text ? { year, month: month - 1, date } : null;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

function numberState(value: number, { min, max }: JSONObject, type: string): JSONObject | undefined | null {
  if (Number.isNaN(value) && type === 'input') {
    return undefined; // it is being written
  }
  const within = !(typeof min === 'number' && value < min) && !(typeof max === 'number' && value > max);
  return Number.isFinite(value) && within ? { value } : null;
}
