/**
 * Runs in the head of the page, before the client is there: opens the connection, so that the visitor's process starts
 * while the client loads, and writes down what the person does to the drawn page, so that none of it is lost.
 *
 * It also gets the client: the frame around it, which is there sooner, fetches it and hands over its text. The page's
 * policy lets that very text run, and no other.
 */

import { VERSION } from './protocol';

/** Something done to the drawn page: the event, and where. */
export interface Early {
  type: 'click' | 'pointerdown' | 'keydown';
  target: Element;
  key: string;
  x: number;
  y: number;
}

/** What has happened before the client took over. */
export interface Meanwhile {
  socket: WebSocket;
  frames: (string | ArrayBuffer)[];
  done: Early[];
  /** Whether the person is in the middle of something: composing a syllable, or holding the pointer down. */
  busy: boolean;
  over: () => void;
}

declare global {
  interface Window {
    microappsMeanwhile?: Meanwhile;
  }
}

const socket = new WebSocket(new URL('live', location.href.replace(/^http/, 'ws')).href.replace(/[?#].*$/, ''));
socket.binaryType = 'arraybuffer';
const meanwhile: Meanwhile = { socket, frames: [], done: [], busy: false, over: () => undefined };
window.microappsMeanwhile = meanwhile;
socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: VERSION }));
socket.onmessage = event => meanwhile.frames.push(event.data);

const note = (event: Event) => {
  const target = event.target as Element;
  const acts = target.closest?.('button, .noUi-target, .lm-TabBar-tab, .jupyter-widget-Collapse-header, .jupyter-widget-tag');
  const { key = '', clientX: x = 0, clientY: y = 0 } = event as MouseEvent & KeyboardEvent;
  if (!target.closest?.('[data-living]')) {
    return;
  }
  const slides = event.type === 'pointerdown' && acts?.matches('.noUi-target, .lm-TabBar-tab');
  const presses = event.type === 'click' && acts?.matches('button, .jupyter-widget-Collapse-header');
  const { isComposing, keyCode } = event as KeyboardEvent;
  const composes = isComposing || keyCode === 229; // The key is the input method's: Safari says it by the code only.
  const types =
    event.type === 'keydown' &&
    !composes &&
    (target.matches('.noUi-handle') || (key === 'Enter' && target.matches('input')));
  if (slides || presses) {
    meanwhile.done.push({ type: event.type as Early['type'], target: acts as Element, key, x, y });
  } else if (types) {
    meanwhile.done.push({ type: 'keydown', target, key, x, y });
  }
};
const begin = () => {
  meanwhile.busy = true;
};
const end = () => {
  meanwhile.busy = false;
};
const listeners: [string, (event: Event) => void][] = [
  ['click', note],
  ['pointerdown', note],
  ['keydown', note],
  ['pointerdown', begin],
  ['compositionstart', begin],
  ['pointerup', end],
  ['pointercancel', end],
  ['compositionend', end],
];
for (const [type, listen] of listeners) {
  addEventListener(type, listen, true);
}
meanwhile.over = () => {
  for (const [type, listen] of listeners) {
    removeEventListener(type, listen, true);
  }
};

/** Milliseconds for which the frame may be silent before the page fetches the client by itself. */
const SILENCE = 5000;
const { client } = document.documentElement.dataset;

function run(fill: (script: HTMLScriptElement) => void): void {
  const script = document.createElement('script');
  script.type = 'module';
  fill(script);
  document.head.append(script);
}

function load(address: string): void {
  let begun = false;
  const begin = (text: string) => {
    if (!begun) {
      begun = true;
      run(script => (text ? (script.textContent = text) : (script.src = address)));
    }
  };
  if (window.parent === window) {
    begin('');
    return;
  }
  addEventListener('message', ({ source, data }) => {
    if (source === window.parent && data?.microapps === 1 && data.kind === 'client') {
      begin(String(data.text ?? ''));
    }
  });
  window.parent.postMessage({ microapps: 1, kind: 'client' }, '*');
  setTimeout(begin, SILENCE, '');
}

if (client) {
  // The client works on the whole page.
  document.readyState === 'loading' ? addEventListener('DOMContentLoaded', () => load(client)) : load(client);
}
