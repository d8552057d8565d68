/**
 * Markup of an app in a page of ours. The browser's own Sanitizer takes it apart, by the same lists as what the page
 * came with (`microapps/publish/thin/cover.py`). What those leave out would be missing, so then nothing is shown.
 */

/** The elements and attributes that may be shown. */
export interface Allowed {
  elements: readonly string[];
  attributes: readonly string[];
}

type Sanitizing = Element & { setHTML?: (html: string, options: object) => void };

/** Whether the browser has a Sanitizer. */
export const SANITIZES = 'setHTML' in Element.prototype;

/** Show markup in an element; false, and nothing is changed, where a part of it may not be shown there. */
export function show(element: Element, html: string, { elements, attributes }: Allowed): boolean {
  const fresh: Sanitizing = document.createElement('div');
  fresh.setHTML?.(html, { sanitizer: { elements, attributes, dataAttributes: true, comments: false } });
  const unsafe = document.createElement('template'); // nothing in one loads or runs
  unsafe.innerHTML = html;
  if (size(fresh) !== size(unsafe.content)) {
    return false;
  }
  element.replaceChildren(...fresh.childNodes);
  return true;
}

function size(tree: ParentNode): number {
  return tree.querySelectorAll('*').length;
}
