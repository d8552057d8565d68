/**
 * Over from the cover: the frame around the page shows the drawn page until this one is drawn, and hands over what was
 * done to it meanwhile (`cover.ts`). It is done again here, as if it were done by the person.
 */

import type { Act, Begun, Handed } from './begun';
import { select } from './hands';
import { late, paint } from './moments';
import { choose, elementAt } from './places';
import { isReadout, writeIn } from './readouts';

/** Milliseconds after which a page that is not painted at all is taken as it is. */
const UNPAINTED = 400;
/**
 * Milliseconds after which what is around this page is no frame of ours: that says at once whether it has joined, unless
 * the browser is at work for long. Who joins then does so beside it, and what is done in the cover after that is lost.
 */
const SILENCE = 10_000;

/** Whether the frame has joined the visitor's process, and will say what happened with it. */
export function joined(): Promise<boolean> {
  return new Promise(resolve => {
    setTimeout(resolve, SILENCE, false);
    hear('joined', ({ joined }: { joined: unknown }) => resolve(joined === true));
    tell('begins', { visit: location.pathname });
  });
}

/**
 * Tell the frame that the page is drawn; resolved when what was done to the cover is done here. Until the cover goes, what
 * has happened in it so far is only shown, so that this page is not seen without it.
 */
export function uncovered(look: (begun: Begun) => void, begin: (begun: Begun | null) => void): Promise<void> {
  return new Promise(resolve => {
    const shows = ({ begun, acts, scrollY }: Handed) => {
      hear('so far', shows);
      if (begun) {
        look(begun);
      }
      acts.forEach(act => isOfField(act) && put(act));
      scrollTo(0, scrollY);
      void Promise.race([paint().then(paint), late(UNPAINTED)]).then(() => tell('shown')); // it is on the screen by the second
    };
    hear('so far', shows);
    const written = writing();
    hear('done', (handed: Handed) => {
      begin(handed.begun);
      take(handed);
      written();
      resolve();
    });
    tell('drawn');
  });
}

/** Note what is written while no field has the focus that the cover's had; what is called in the end writes it there. */
export function writing(): () => void {
  let text = '';
  const listen = ({ key, ctrlKey, metaKey }: KeyboardEvent) => {
    if (document.activeElement === document.body && key.length === 1 && !ctrlKey && !metaKey) {
      text += key;
    }
  };
  addEventListener('keydown', listen);
  return () => {
    removeEventListener('keydown', listen);
    if (text) {
      document.execCommand('insertText', false, text); // as if it were typed, which no other way is in a field for numbers
    }
  };
}

/** Tell the frame that this page has joined the visitor's process itself. */
export function connected(): void {
  tell('connected');
}

function tell(kind: string, more: object = {}): void {
  window.parent.postMessage({ microapps: 1, kind, ...more }, '*');
}

/** Hear one message of the frame. */
function hear<T>(kind: string, take: (message: T) => void): void {
  const listen = ({ source, data }: MessageEvent) => {
    if (source === window.parent && data?.microapps === 1 && data.kind === kind) {
      removeEventListener('message', listen);
      take(data as T);
    }
  };
  addEventListener('message', listen);
}

function take({ acts, focus, scrollY }: Handed): void {
  acts.forEach(repeat);
  const field = focus?.at && elementAt(focus.at, document);
  if (focus && field) {
    field.focus({ preventScroll: true });
    select(field, focus);
  }
  scrollTo(0, scrollY);
}

function isOfField({ type }: Act): boolean {
  return type === 'input' || type === 'change';
}

/** Put into a field what was in that of the cover; null where it offers no such thing. */
function put({ at, value, checked, options }: Act): HTMLElement | null {
  const field = elementAt(at, document);
  if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
    field.checked = checked === true;
  } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    field.value = value ?? '';
  } else if (isReadout(field)) {
    writeIn(field, value ?? '');
  } else if (field instanceof HTMLSelectElement && !choose(field, options ?? [])) {
    return null;
  }
  return field;
}

function repeat(act: Act): void {
  const { type, at, key, x: clientX, y: clientY } = act;
  const element = elementAt(at, document);
  const options = { bubbles: true, cancelable: true };
  if (isOfField(act)) {
    put(act)?.dispatchEvent(new Event(type, options));
  } else if (type === 'pointerdown') {
    for (const pointer of ['pointerdown', 'pointerup']) {
      element?.dispatchEvent(new PointerEvent(pointer, { ...options, clientX, clientY }));
    }
  } else if (type === 'click') {
    element?.dispatchEvent(new MouseEvent(type, { ...options, clientX, clientY }));
  } else {
    element?.dispatchEvent(new KeyboardEvent(type, { ...options, key }));
  }
}
