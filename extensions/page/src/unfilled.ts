/** What the address of a page was to fill in and could not, in plain words; loaded when there is something of that kind. */

import type { Missed } from './inputs';
import { folded } from './kinds';
import type { Sentence } from './notices';

/** Characters of a name or a value in the address that are repeated: anybody may have written it. */
const LONGEST = 40;
const MOST = 3;
/** What others put into an address, or this site itself, that is meant for no control. */
const NO_LABEL =
  /^(?:_.*|utm_.*|mc_.*|.*clid|ref|source|si|lang|theme|instead|redirects|token|access_token|session_id|key|api_key|password)$/i;
const NEEDED: readonly [RegExp, string][] = [
  [/^(?:Bounded)?Int(?:Text|Slider)$|^Play$/, 'a whole number'],
  [/^(?:Bounded)?Float(?:Text|Slider|LogSlider)$/, 'a number'],
  [/^(?:Int|Float)RangeSlider$/, 'two numbers, such as 2-5'],
  [/^(?:Dropdown|RadioButtons|Select.*|ToggleButtons)$/, 'among what can be chosen'],
  [/^(?:Checkbox|ToggleButton)$/, 'yes or no'],
  [/^DatePicker$/, 'a date, such as 2026-01-31'],
  [/^TimePicker$/, 'a time, such as 18:30'],
  [/DatetimePicker$/, 'a date and time, such as 2026-01-31T18:30'],
  [/^ColorPicker$/, 'a colour, such as #ff8800'],
];

/** The sentences on what was not taken from the address; none where there is nothing to say. `read`: the app reads it itself. */
export function unfilled(missed: readonly Missed[], read = false): Sentence[] {
  return missed.flatMap(one => sentence(one, read)).slice(0, MOST);
}

/** The sentence that a value is not what its control needs. */
export function needs(what: string): string {
  return `“%1” in the address is not ${what}: “%2” was not taken.`;
}

function sentence({ asked, text, control, became }: Missed, read: boolean): Sentence[] {
  const name = short(asked);
  if (became !== undefined) {
    return [['“%1” in the address is beyond the limits here: “%2” became %3.', name, short(text), String(became)]];
  }
  if (control?.open) {
    const needed = NEEDED.find(([kind]) => kind.test(control.kind))?.[1];
    return [[needed ? needs(needed) : '“%1” in the address does not fit: “%2” was not taken.', name, short(text)]];
  }
  if (control || isSeen(asked)) {
    return [['“%1” cannot be set from the address.', name]];
  }
  return read || NO_LABEL.test(asked) ? [] : [['The address names “%1”, and no control here is called so.', name]];
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Whether something is called so that is no input, or one whose value is secret. */
function isSeen(label: string): boolean {
  const all = document.querySelectorAll('.jupyter-widgets :is(label, .widget-label), .jupyter-button');
  return [...all].some(each => folded(each.textContent ?? '') === folded(label));
}
