/**
 * The change from the drawn page to the living one. Both have the same elements in the same places; what a person has
 * typed, chosen, clicked or focused in the drawn one goes over to its counterpart.
 */

import type { Early, Meanwhile } from './early';

/** Milliseconds that a person who is in the middle of something is waited for. */
const PATIENCE = 4000;

/** A drawn output and the living one that takes its place. */
export interface Pair {
  drawn: HTMLElement;
  living: HTMLElement;
}

/** Resolved when the person is not in the middle of something. */
export function pause(meanwhile: Meanwhile): Promise<void> {
  if (!meanwhile.busy) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const done = () => setTimeout(resolve); // a click follows the pointer's release
    setTimeout(resolve, PATIENCE);
    for (const type of ['pointerup', 'pointercancel', 'compositionend']) {
      addEventListener(type, done, { once: true });
    }
  });
}

/** Put the living outputs in place of the drawn ones, with all that was done to those. */
export function handOver(pairs: readonly Pair[], done: readonly Early[]): void {
  const focused = document.activeElement;
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
  for (const [from, to] of counterparts) {
    // Who has clicked something since has left the field meanwhile, even if they are back in it.
    carry(from, to, from === focused && done.length === 0);
  }
  const heir = focused && counterparts.get(focused);
  if (focused && heir instanceof HTMLElement) {
    refocus(focused, heir);
  }
  for (const early of done) {
    const target = counterparts.get(early.target);
    if (target) {
      repeat(early, target);
    }
  }
}

function pairUp(counterparts: Map<Element, Element>, element: Element, drawn: Element, living: Element): void {
  const other = counterpart(element, drawn, living);
  if (other) {
    counterparts.set(element, other);
  }
}

function counterpart(element: Element, drawn: Element, living: Element): Element | null {
  const widget = element.closest<HTMLElement>('[data-widget]');
  if (!widget || !drawn.contains(widget)) {
    return null;
  }
  const same = `[data-widget="${CSS.escape(widget.dataset.widget ?? '')}"]`;
  const index = [...drawn.querySelectorAll(same)].indexOf(widget);
  const root = living.querySelectorAll(same)[index];
  if (!root || element === widget) {
    return root ?? null;
  }
  const path: number[] = [];
  for (let at = element; at !== widget && at.parentElement; at = at.parentElement) {
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  const found = path.reduce<Element | undefined>((at, step) => at?.children[step], root);
  if (found?.localName === element.localName) {
    return found;
  }
  const position = [...widget.querySelectorAll(element.localName)].indexOf(element);
  return root.querySelectorAll(element.localName)[position] ?? null;
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
    } else if (from.value !== from.defaultValue) {
      to.value = from.value;
      typed(to, focused);
    }
  } else if (from instanceof HTMLTextAreaElement && to instanceof HTMLTextAreaElement) {
    if (from.value !== from.defaultValue) {
      to.value = from.value;
      typed(to, focused);
    }
  } else if (from instanceof HTMLSelectElement && to instanceof HTMLSelectElement) {
    const chosen = [...from.options];
    if (chosen.some(option => option.selected !== option.defaultSelected)) {
      chosen.forEach((option, index) => {
        if (to.options[index]) {
          to.options[index].selected = option.selected;
        }
      });
      tell(to, 'change');
    }
  }
}

function typed(field: HTMLElement, focused: boolean): void {
  tell(field, 'input');
  if (focused) {
    // The browser tells of a change only what was typed into the field itself.
    field.addEventListener('blur', () => tell(field, 'change'), { once: true });
  } else {
    tell(field, 'change');
  }
}

function tell(element: Element, type: string): void {
  element.dispatchEvent(new Event(type, { bubbles: true }));
}

function refocus(from: Element, to: HTMLElement): void {
  to.focus({ preventScroll: true });
  const text = (field: Element) => field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
  if (text(from) && text(to)) {
    const { selectionStart, selectionEnd, selectionDirection } = from as HTMLInputElement;
    if (selectionStart !== null) {
      (to as HTMLInputElement).setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
    }
  }
}

/** Do again what was done to a drawn element. */
function repeat(early: Early, target: Element): void {
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
