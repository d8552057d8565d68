/** What of a label's HTML may be shown: inline elements without anything that acts or loads from elsewhere. */

const INLINE = new Set('a abbr b br code em i img kbd li mark ol s small span strong sub sup u ul'.split(' '));
const DROPPED = new Set('script style template textarea title option noscript iframe object embed'.split(' '));
const ATTRIBUTES = new Set(['alt', 'class', 'height', 'href', 'lang', 'role', 'src', 'style', 'title', 'width']);
const LINK = /^(?:https?:|mailto:|tel:|#|[^:]*$)/i;
const PICTURE = /^(?:data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]|blob:)/i;

function keepAttributes(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const allowed = ATTRIBUTES.has(name) || name.startsWith('aria-');
    const leads = name === 'href' && !LINK.test(value.trim());
    const loads = name === 'src' && !PICTURE.test(value.trim());
    if (!allowed || leads || loads) {
      element.removeAttribute(name);
    }
  }
}

/** HTML with only inline elements and harmless attributes; the text of other elements stays. */
export function inline(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const element of [...parsed.body.querySelectorAll('*')].reverse()) {
    const name = element.localName;
    if (DROPPED.has(name)) {
      element.remove();
    } else if (!INLINE.has(name) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml') {
      element.replaceWith(...element.childNodes);
    } else {
      keepAttributes(element);
    }
  }
  return parsed.body.innerHTML;
}
