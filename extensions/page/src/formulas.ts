/**
 * Formulas in text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{…}…\end{…}` become MathML, which browsers draw by
 * themselves. What turns TeX into MathML is loaded only when a page has a formula. Between blanks (`$ x < y $`) it has
 * to begin as a formula does and to hold a sign: prices are none.
 */

import { part } from './parts';

const FORMULA =
  /\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(\\begin\{([a-zA-Z]+\*?)\}[\s\S]+?\\end\{\5\})|(?<![\\$\w])\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?![\d$])|(?<![\\$\w])\$(?=\s*[A-Za-z\\({|][^$\n]*[\\^_=<>])((?:\\.|[^$\\\n])+?)\$(?![\d$])/g;
const LEFT_ALONE = 'script, style, textarea, pre, code, math, select, option, input, button, [contenteditable]';

/** A formula in a text: where it stands, its TeX, and whether it stands on a line of its own. */
export interface Formula {
  start: number;
  end: number;
  tex: string;
  block: boolean;
}

/** The formulas in a text, in order. */
export function formulas(text: string): Formula[] {
  if (!text.includes('$') && !text.includes('\\')) {
    return [];
  }
  return [...text.matchAll(FORMULA)].map(match => {
    const [whole, dollars, brackets, round, environment, , dollar, spaced] = match;
    const block = dollars ?? brackets ?? environment;
    const tex = block ?? round ?? dollar ?? spaced;
    return { start: match.index, end: match.index + whole.length, tex, block: block !== undefined };
  });
}

function textNodes(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement?.closest(LEFT_ALONE) && formulas((node as Text).data).length > 0) {
      found.push(node as Text);
    }
  }
  return found;
}

/** Set the formulas in the text within an element; what is no formula stays as it is. */
export async function setFormulas(element: Node): Promise<void> {
  if (textNodes(element).length > 0) {
    setWith(element, (await part('tex')).draw);
  }
}

/** The same with what draws one. */
export function setWith(element: Node, draw: (tex: string, block: boolean) => Node): void {
  for (const text of textNodes(element)) {
    const parts: (string | Node)[] = [];
    let last = 0;
    for (const { start, end, tex, block } of formulas(text.data)) {
      parts.push(text.data.slice(last, start), draw(tex, block));
      last = end;
    }
    parts.push(text.data.slice(last));
    text.replaceWith(...(inFlex(text) ? [together(parts)] : parts));
  }
}

/** Whether an element lays out the parts of its text as boxes, without the blanks between them. */
function inFlex(text: Text): boolean {
  return !!text.parentElement && getComputedStyle(text.parentElement).display.endsWith('flex');
}

function together(parts: (string | Node)[]): HTMLElement {
  const made = document.createElement('span');
  made.append(...parts);
  return made;
}
