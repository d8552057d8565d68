/** Markup of an app in the living page, as the server draws it (`lifeless` in `microapps/publish/snapshot.py`). */

/** Show markup in an element without what would lead the page elsewhere by itself. */
export function put(element: Element, html: string): void {
  if (!/<meta/i.test(html)) {
    element.innerHTML = html;
    return;
  }
  const inert = document.implementation.createHTMLDocument('').createElement('div'); // nothing in it acts or loads
  inert.innerHTML = html;
  inert.querySelectorAll('meta').forEach(found => found.remove());
  element.replaceChildren(...inert.childNodes);
}
