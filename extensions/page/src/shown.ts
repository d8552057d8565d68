/**
 * What the app prints or shows in an Output widget of a drawn page, as `outputs.ts` does it in the living one. What takes
 * more than a text, a picture or markup is left to the client.
 */

import type { JSONValue } from '@lumino/coreutils';
import type { Output } from './protocol';

/** Puts markup into an element; false where it cannot. */
export type Put = (element: Element, html: string) => boolean;

/** Characters of a stream that are shown: its last ones. */
export const LONGEST_STREAM = 200_000;
/** The forms of pictures, the first of an output's that is here is shown. */
export const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'];
/** Forms that would be shown in place of a picture or of a text, in the order in which the richest is looked for. */
const RICHER = [
  'application/vnd.jupyter.widget-view+json',
  'text/markdown',
  'image/svg+xml',
  'text/latex',
  'application/javascript',
  'application/json',
];
/** What a program prints to move or to colour; every other text stands as it is. */
const MOVES = /[\b\r\x1b]/;
/** What begins a formula, which the client sets. */
export const FORMULA = /\$|\\[([]/;

/** Show one more output; false where it cannot be shown here. */
export function append(host: Element, output: Output, put: Put): boolean {
  const made = document.createElement('div');
  made.className = 'output';
  const data = output.data ?? {};
  const picture = PICTURES.find(mime => mime in data);
  if (output.output_type === 'stream') {
    const name = `output-${output.name === 'stderr' ? 'stderr' : 'stdout'}`;
    const last = host.lastElementChild?.firstElementChild;
    const text = joined(output.text);
    if (MOVES.test(text)) {
      return false;
    }
    if (last?.className === name) {
      last.append(text);
      return true;
    }
    print(made, text, name);
  } else if (output.output_type === 'error' || output.metadata?.display_id !== undefined) {
    return false;
  } else if ('text/html' in data && !(RICHER[0] in data)) {
    const html = joined(data['text/html']);
    made.className = 'output prose';
    if (FORMULA.test(html) || !put(made, html)) {
      return false;
    }
  } else if (RICHER.slice(0, picture ? 4 : undefined).some(mime => mime in data)) {
    return false;
  } else if (picture) {
    made.append(image(`data:${picture};base64,${joined(data[picture]).replace(/\s/g, '')}`, output, picture));
  } else if ('text/plain' in data && !MOVES.test(joined(data['text/plain']))) {
    print(made, joined(data['text/plain']), '');
  } else {
    return false;
  }
  host.append(made);
  return true;
}

/** Bytes in base64. */
export function base64(bytes: DataView): string {
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let begin = 0; begin < all.length; begin += CHUNK) {
    parts.push(String.fromCharCode(...all.subarray(begin, begin + CHUNK)));
  }
  return btoa(parts.join(''));
}

/** Bytes that are made into characters at once: each is an argument of a call. */
const CHUNK = 8192;

function print(into: Element, text: string, name: string): void {
  const pre = document.createElement('pre');
  if (name) {
    pre.className = name;
  }
  pre.append(text);
  into.append(pre);
}

/** The picture of an output as an element. */
export function image(source: string, { data, metadata }: Output, mime: string): HTMLImageElement {
  const made = document.createElement('img');
  const size = (metadata?.[mime] ?? metadata ?? {}) as { width?: number; height?: number; alt?: string };
  for (const name of ['width', 'height'] as const) {
    if (typeof size[name] === 'number') {
      made.setAttribute(name, String(size[name]));
    }
  }
  made.alt = typeof size.alt === 'string' ? size.alt : joined(data?.['text/plain']).replace(/^<(.*)>$/s, '$1');
  made.src = source;
  return made;
}

/** A text that may have come in parts. */
export function joined(value: JSONValue | undefined): string {
  return Array.isArray(value) ? value.join('') : String(value ?? '');
}
