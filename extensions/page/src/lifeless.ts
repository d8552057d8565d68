/** Markup of an app in the living page, as the server draws it (`microapps/publish/lifeless.py`). */

const ACTING = /<(?:base|embed|frame|frameset|iframe|link|meta|object)[\s/>]/i;

/**
 * Show markup in an element without what would lead the page elsewhere or connect to another machine by itself. A page's
 * policy keeps a frame from being loaded only after the browser has looked up the name of its host and connected to it.
 */
export function put(element: Element, html: string): void {
  if (!ACTING.test(html)) {
    element.innerHTML = html;
    return;
  }
  const inert = document.implementation.createHTMLDocument('').createElement('div'); // nothing in it acts or loads
  inert.innerHTML = html;
  calm(inert);
  element.replaceChildren(...inert.childNodes);
}

function calm(within: ParentNode): void {
  within.querySelectorAll('base, meta').forEach(found => found.remove());
  within.querySelectorAll<HTMLLinkElement>('link').forEach(link => {
    if (!/^(?:data|blob):/i.test(link.getAttribute('href')?.trim() ?? '') || link.rel.toLowerCase() !== 'stylesheet') {
      link.remove();
    }
  });
  for (const found of within.querySelectorAll('embed, frame, frameset, iframe, object')) {
    const held = found.getAttribute('srcdoc');
    if (found.localName === 'iframe' && held !== null) {
      found.setAttribute('srcdoc', ACTING.test(held) ? calmed(held) : held);
      found.removeAttribute('src');
    } else {
      const stands = found.ownerDocument.createElement(`x-${found.localName}`);
      stands.append(...found.childNodes);
      found.replaceWith(stands);
    }
  }
}

/** A page that is held in a frame. */
function calmed(html: string): string {
  const held = new DOMParser().parseFromString(html, 'text/html');
  calm(held);
  return `${held.doctype ? '<!DOCTYPE html>' : ''}${held.documentElement.outerHTML}`;
}
