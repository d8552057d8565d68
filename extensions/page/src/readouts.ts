/**
 * The number beside a slider, which can be written in. It is no field of a form, so what makes it one is here: what is
 * written in it is marked until it is taken, and that it is entered, by the Enter key or by leaving it, is told as a change.
 */

/** What is in the mark: nothing while somebody writes, this once they are done. */
const ENTERED = 'entered';
const ENTER = 13; // the code is another while a syllable is composed
const ESCAPE = 27;

/** The number beside a slider. */
export type Readout = HTMLElement & { contentEditable: 'true' | 'plaintext-only' };

/** Whether it is the number beside a slider, and can be written in. */
export function isReadout(target: unknown): target is Readout {
  return target instanceof HTMLElement && target.matches('.widget-readout[contenteditable]:not([contenteditable=false])');
}

/** Whether something is written in it that is not taken yet. */
export function isEdited({ dataset }: HTMLElement): boolean {
  return dataset.written !== undefined;
}

/** Whether that is entered. */
export function isEntered({ dataset }: HTMLElement): boolean {
  return dataset.written === ENTERED;
}

/** Numbers as they are read, from how a slider shows them: 2,500, −3 with a sign of its own, and 25%. */
export function plain(text: string): string {
  const digits = text.replace(/,(?=\d{3}(?!\d))/g, '').replace(/\u2212/g, '-');
  return digits.replace(/([\d.]+)\s*%/g, (_, share) => String(share / 100));
}

/** Write in it, as somebody does who is not done. */
export function writeIn(readout: HTMLElement, text: string): void {
  readout.textContent = text;
  readout.dataset.written = '';
}

/** What was written in it is taken, or is no more. */
export function taken({ dataset }: HTMLElement): void {
  delete dataset.written;
}

/** Have the changes of all readouts told, by `addEventListener`, or no more. */
export function tellReadouts(act: (type: string, listener: (event: Event) => void, capture: boolean) => void): void {
  ['beforeinput', 'input', 'change', 'keydown', 'focusout'].forEach(type => act(type, tells, true));
}

function tells(event: Event): void {
  const { type, target } = event;
  if (!isReadout(target)) {
    return;
  }
  const { keyCode } = event as KeyboardEvent;
  const enters = keyCode === ENTER;
  if (type === 'beforeinput') {
    target.dataset.before = isEdited(target) ? target.dataset.before : (target.textContent ?? '');
  } else if (type === 'input') {
    target.dataset.written = '';
  } else if (keyCode === ESCAPE && isEdited(target)) {
    target.textContent = target.dataset.before ?? '';
    target.dispatchEvent(new Event('input', { bubbles: true })); // what is written down of it is this, now
  } else if (type === 'change') {
    target.dataset.written = ENTERED;
  } else if (enters || type === 'focusout') {
    if (enters) {
      event.preventDefault();
    }
    if (isEdited(target) && !isEntered(target)) {
      target.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
}
