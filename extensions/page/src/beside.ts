/**
 * Another page of an app that takes the place of the one somebody writes in, loaded when its process is lost. The frame
 * around both loads it behind that one (`templates/voila/pages/frame.js`). Once it is alive and the person rests, the frame
 * gives it the focus, and then has the page that goes say what was entered. Meanwhile both write down what is typed, which is
 * then done in the field of the page that comes: no key is lost between the two, and none is in both.
 */

import type { Along } from './along';
import { typed } from './handover';
import { type Hands, isWritten, select } from './hands';
import { fieldOf, type Left, left, putBack } from './left';
import type { Pressed } from './presses';
import { isReadout } from './readouts';

type Values = Record<string, string>;

/** What goes over. */
interface Going {
  values: Values;
  pressed: Pressed;
  left: Left | null;
  /** Keys that were pressed in that page when it had been asked for this. */
  keys: string[];
  scrollY: number;
}

/** The page that goes. */
export interface Goes {
  /** Has been watching for long: what is held now was taken hold of before the process was lost. */
  hands: Hands;
  /** What was entered; null where that may be why its processes were lost. */
  entered(): Promise<Values | null>;
  /** The buttons that were pressed since. */
  pressed(): Pressed;
  /** Called before the page that comes is given the focus. */
  turns(): void;
  /** Called where no other page comes. */
  none(): void;
}

/** Milliseconds within which the page that comes is alive, if it is at all. */
const LONGEST = 30_000;
/** What it says then. */
const READY = 'ready';
/** What is written down of keys that are no letters, and what they do in a field. */
const EDITS: Readonly<Record<string, string>> = { Backspace: 'delete', Delete: 'forwardDelete', Enter: '' };

/**
 * In the page that goes: have the other loaded, and hand over what was entered.
 *
 * @param losses - When processes were lost lately.
 */
export function going(losses: readonly number[], page: Goes): void {
  const { hands } = page;
  hands.brief = true; // the app stands still meanwhile
  const silence = setTimeout(() => page.none(), LONGEST);
  let field: Element | null = null;
  let before: Left | null = null;
  let written = (): string[] => [];
  const along: Along = { values: {}, losses, beside: true };
  const load = () => tell('beside', { along: JSON.stringify(along) });
  addEventListener('online', load); // it cannot have come before that
  hear('across', async () => {
    clearTimeout(silence);
    removeEventListener('online', load);
    await hands.idle();
    field = document.activeElement;
    before = left();
    if (field && before) {
      before.selection = hands.selection(field);
    }
    written(); // of a page that came before, and went
    written = writing();
    page.turns();
    tell('turn');
  });
  hear('turned', async () => {
    const values = await page.entered();
    const now = left() ?? (field && left(field)); // it has lost the focus, unless they have turned to another
    const same = now?.selection.start === null && now.text === before?.text; // of which no browser tells more by now
    const pressed = page.pressed();
    const went: Going = { values: values ?? {}, pressed, left: values && (same ? before : now), keys: written(), scrollY };
    tell('across', { what: JSON.stringify(went) });
  });
  load();
}

/** In the page that comes: take over what was entered, and press what was pressed after that. */
export function coming(take: (values: Values) => Promise<void>, press: (pressed: Pressed) => void): void {
  const written = writing();
  hear('across', async ({ what }: { what: string }) => {
    const { values, pressed, left, keys, scrollY } = JSON.parse(what) as Going;
    await take(values);
    scrollTo(0, scrollY);
    if (left) {
      goOn(left);
    }
    [...keys, ...written()].forEach(type);
    tell('taken');
    press(pressed);
  });
  tell('across', { what: READY });
}

function goOn(was: Left): void {
  const field = fieldOf(was);
  field?.focus({ preventScroll: true });
  if (field && putBack(field, was.text)) {
    typed(field, true);
  }
  if (field) {
    select(field, was.selection);
  }
}

/** Write down what is typed, in place of what it does; what is called in the end gives it. */
function writing(): () => string[] {
  const keys: string[] = [];
  const listen = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey } = event;
    if ((key.length === 1 || key in EDITS) && !ctrlKey && !metaKey) {
      keys.push(key);
      event.preventDefault();
    }
  };
  addEventListener('keydown', listen, true);
  return () => {
    removeEventListener('keydown', listen, true);
    return keys;
  };
}

/** Do what a key does, in the field that has the focus. */
function type(key: string): void {
  const field = document.activeElement;
  if (EDITS[key]) {
    document.execCommand(EDITS[key]);
  } else if (key === 'Enter' && !(field instanceof HTMLTextAreaElement)) {
    const entered = new KeyboardEvent('keydown', { key, keyCode: 13, bubbles: true, cancelable: true });
    (isWritten(field) || isReadout(field)) && field.dispatchEvent(entered);
  } else {
    document.execCommand('insertText', false, key === 'Enter' ? '\n' : key); // as if it were typed, in a field for numbers too
  }
}

function tell(kind: string, more: object = {}): void {
  window.parent.postMessage({ microapps: 1, kind, ...more }, '*');
}

function hear<T>(kind: string, take: (message: T) => Promise<void>): void {
  addEventListener('message', ({ source, data }) => {
    if (source === window.parent && data?.microapps === 1 && data.kind === kind) {
      void take(data as T);
    }
  });
}
