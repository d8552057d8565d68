/**
 * The change from the drawn page to the living one. Both have the same elements in the same places; what a person has
 * typed, chosen, clicked or focused in the drawn one goes over to its counterpart.
 */

import type { Done, Written } from './doing';
import { type Hands, select, selection } from './hands';
import { choose, chosen, elementAt, placeOf } from './places';
import { isEdited, isEntered, isReadout, writeIn } from './readouts';

/** A drawn output and the living one that takes its place. */
export interface Pair {
  drawn: HTMLElement;
  living: HTMLElement;
}

/** Put the living outputs in place of the drawn ones, with all that was done to those. */
export function handOver(pairs: readonly Pair[], done: readonly Done[], hands?: Hands): void {
  const focused = document.activeElement;
  const selected = focused && (hands?.selection(focused) ?? selection(focused));
  const counterparts = new Map<Element, Element>();
  for (const { drawn, living } of pairs) {
    for (const element of drawn.querySelectorAll('input, textarea, select, button, [contenteditable], [tabindex]')) {
      pairUp(counterparts, element, drawn, living);
    }
    done.filter(early => drawn.contains(early.target)).forEach(early => pairUp(counterparts, early.target, drawn, living));
  }
  for (const { drawn, living } of pairs) {
    living.removeAttribute('inert');
    living.classList.remove('coming');
    drawn.replaceWith(living);
  }
  const written = new Set(done.filter(early => early.field).map(early => early.target));
  for (const [from, to] of counterparts) {
    if (!written.has(from)) {
      // Who has clicked something since has left the field meanwhile, even if they are back in it.
      carry(from, to, from === focused && done.length === 0);
    }
  }
  const heir = focused && counterparts.get(focused);
  if (selected && heir instanceof HTMLElement) {
    heir.focus({ preventScroll: true });
    select(heir, selected);
  }
  for (const early of done) {
    const target = counterparts.get(early.target);
    if (target && early.field) {
      put(early.field, target, early.target === focused && early === done.at(-1));
    } else if (target) {
      repeat(early, target);
    }
  }
  if (selected && written.size && heir instanceof HTMLElement) {
    heir.focus({ preventScroll: true }); // which a tag that is added takes for its field
    select(heir, selected);
  }
}

function pairUp(counterparts: Map<Element, Element>, element: Element, drawn: Element, living: Element): void {
  const place = placeOf(element, drawn);
  const other = place && elementAt(place, living);
  if (other) {
    counterparts.set(element, other);
  }
}

/** Take what was put into a drawn field over to the living one. */
function carry(from: Element, to: Element, focused: boolean): void {
  if (from instanceof HTMLInputElement && to instanceof HTMLInputElement) {
    if (from.type === 'checkbox' || from.type === 'radio') {
      if (from.checked !== from.defaultChecked && from.checked !== to.checked) {
        to.click();
      }
    } else if (from.type === 'file') {
      if (from.files?.length) {
        to.files = from.files;
        tell(to, 'change');
      }
    } else if (from.value !== untouched(from)) {
      to.value = from.value;
      typed(to, focused);
    }
  } else if (from instanceof HTMLTextAreaElement && to instanceof HTMLTextAreaElement) {
    if (from.value !== from.defaultValue) {
      to.value = from.value;
      typed(to, focused);
    }
  } else if (isReadout(from) && isReadout(to)) {
    if (isEdited(from)) {
      writeIn(to, from.textContent ?? '');
      typed(to, focused && !isEntered(from));
    }
  } else if (from instanceof HTMLSelectElement && to instanceof HTMLSelectElement) {
    const options = [...from.options];
    if (options.some(option => option.selected !== option.defaultSelected) && choose(to, chosen(from))) {
      tell(to, 'change');
    }
  }
}

/** Put into a living field what was put into the drawn one. */
function put({ value, checked, options }: Written, to: Element, focused: boolean): void {
  if (to instanceof HTMLInputElement && (to.type === 'checkbox' || to.type === 'radio')) {
    if (to.checked !== checked) {
      to.click();
    }
  } else if (to instanceof HTMLInputElement || to instanceof HTMLTextAreaElement) {
    to.value = value;
    typed(to, focused);
  } else if (to instanceof HTMLSelectElement && choose(to, options)) {
    tell(to, 'change');
  }
}

/** What a field held before anyone came: the browser makes its own of what is no value for it. */
function untouched(field: HTMLInputElement): string {
  const fresh = document.createElement('input');
  fresh.type = field.type;
  fresh.setAttribute('value', field.defaultValue);
  return fresh.value;
}

const ENTERED = ['change', 'blur', 'keydown'];

/** Tell the widget that its field was written in; `focused`: by somebody who is in it still. */
export function typed(field: HTMLElement, focused: boolean): void {
  tell(field, 'input');
  if (focused && isReadout(field)) {
    return; // It tells of a change by itself, however it was written.
  }
  if (focused) {
    // When it is left, and by Enter, the browser tells only of what was typed into the field itself.
    let told = false;
    const enter = () => {
      ENTERED.forEach(type => field.removeEventListener(type, entered, true));
      if (!told) {
        tell(field, 'change');
      }
      told = true;
    };
    const entered = ({ type, key }: Event & { key?: string }) => {
      if (type === 'change') {
        told = true;
      } else if (type === 'blur') {
        enter();
      } else if (key === 'Enter') {
        setTimeout(enter); // what the browser tells comes after the key
      }
    };
    ENTERED.forEach(type => field.addEventListener(type, entered, true)); // before the widget hears of it
  } else {
    tell(field, 'change');
  }
}

function tell(element: Element, type: string): void {
  element.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Do again what was done to a drawn element. */
function repeat(early: Done, target: Element): void {
  const { key, x: clientX, y: clientY } = early;
  if (early.type === 'click') {
    (target as HTMLElement).click();
  } else if (early.type === 'pointerdown') {
    const at = { bubbles: true, cancelable: true, clientX, clientY, button: 0, isPrimary: true, pointerId: 1 };
    const hit = document.elementFromPoint(clientX, clientY);
    const on = hit && target.contains(hit) ? hit : target;
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
      on.dispatchEvent(type.startsWith('pointer') ? new PointerEvent(type, { ...at, buttons: 1 }) : new MouseEvent(type, at));
    }
  } else {
    const keyCode = key === 'Enter' ? 13 : 0;
    for (const type of ['keydown', 'keypress', 'keyup']) {
      target.dispatchEvent(new KeyboardEvent(type, { key, keyCode, bubbles: true, cancelable: true }));
    }
  }
}
