/**
 * Over from the cover: the frame around the page shows the drawn page until this one is drawn, and hands over what was
 * done to it meanwhile (`cover.ts`). It is done again here, as if it were done by the person.
 */

import type { Act, Begun, Handed } from './begun';
import { select } from './hands';
import { choose, elementAt } from './places';

/** Milliseconds after which what is around this page is no frame of ours: that says at once whether it has joined. */
const SILENCE = 2000;

/** Whether the frame has joined the visitor's process, and will say what happened with it. */
export function joined(): Promise<boolean> {
  return new Promise(resolve => {
    setTimeout(resolve, SILENCE, false);
    hear('joined', ({ joined }: { joined: unknown }) => resolve(joined === true));
    tell('begins', { visit: location.pathname });
  });
}

/** Tell the frame that the page is drawn; resolved when what was done to the cover is done here. */
export function uncovered(begin: (begun: Begun | null) => void): Promise<void> {
  return new Promise(resolve => {
    hear('done', (handed: Handed) => {
      begin(handed.begun);
      take(handed);
      resolve();
    });
    tell('drawn');
  });
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

function repeat({ type, at, value, checked, options: wanted, key, x: clientX, y: clientY }: Act): void {
  const element = elementAt(at, document);
  const options = { bubbles: true, cancelable: true };
  if (type === 'input' || type === 'change') {
    if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) {
      element.checked = checked === true;
    } else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
      element.value = value ?? '';
    } else if (element instanceof HTMLSelectElement) {
      if (!choose(element, wanted ?? [])) {
        return;
      }
    }
    element?.dispatchEvent(new Event(type, options));
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
