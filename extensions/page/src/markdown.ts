/** Markdown shown while the app runs (the prose of a notebook comes drawn from the server). Loaded when there is any. */

import { marked } from 'marked';
import type { Formula } from './formulas';

const MARK = '\u0001';

/** Markdown as HTML; formulas in it stay as they are, for `setFormulas`. */
export function toHtml(text: string, formulas: readonly Formula[]): string {
  const kept: string[] = [];
  let bare = '';
  let last = 0;
  for (const { start, end } of formulas) {
    bare += `${text.slice(last, start)}${MARK}${kept.length}${MARK}`;
    kept.push(text.slice(start, end));
    last = end;
  }
  bare += text.slice(last);
  const html = marked.parse(bare, { async: false, gfm: true });
  return html.replace(new RegExp(`${MARK}(\\d+)${MARK}`, 'g'), (_, number: string) => escaped(kept[Number(number)]));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
