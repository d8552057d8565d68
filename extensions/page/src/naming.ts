/** Names and keys for the crosses of tags and the handles of ranges. Loaded where there are any. */

type Words = Readonly<Record<string, string>>;

const CROSS = '.jupyter-widget-tag-close';
const REMOVING = ['Enter', ' ', 'Delete', 'Backspace'];
let count = 0;

/** Name an element, in words that a person reads: English ones, unless others are there for them. */
export function name(element: HTMLElement, words: Words): void {
  const said = (english: string) => words[english] ?? english;
  if (element.matches(CROSS)) {
    cross(element, said('Remove %1'));
  } else if (element.matches('.noUi-handle')) {
    const ends = element.closest('.noUi-base')?.querySelectorAll<HTMLElement>('.noUi-handle') ?? [];
    ends.forEach((handle, place) => end(handle, said(place ? 'maximum' : 'minimum')));
  } else if (!element.matches('[aria-label], [aria-labelledby]')) {
    element.setAttribute('aria-label', said('Add a value'));
  }
}

/** The library takes a tag away as soon as its cross is pressed with a pointer; here a key does it, and the field is next. */
function cross(element: HTMLElement, sentence: string): void {
  const tag = element.parentElement;
  const box = element.closest('.jupyter-widget-tagsinput');
  element.setAttribute('aria-label', sentence.replace('%1', tag?.textContent || colour(tag?.style.backgroundColor ?? '')));
  if (element.getAttribute('role') !== 'button') {
    element.setAttribute('role', 'button');
    element.tabIndex = 0;
    element.addEventListener('keydown', event => {
      if (REMOVING.includes(event.key)) {
        event.preventDefault();
        element.dispatchEvent(new MouseEvent('mousedown'));
        box?.querySelector('input')?.focus();
      }
    });
  }
}

/** A colour as it is written in an app, where the browser writes it as `rgb(…)`. */
function colour(written: string): string {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(written)?.slice(1);
  return parts ? `#${parts.map(part => Number(part).toString(16).padStart(2, '0')).join('')}` : written;
}

/** A handle is called as its slider is, and which end it is. */
function end(handle: HTMLElement, which: string): void {
  if (!handle.id) {
    handle.id = `end-${++count}`;
    const label = handle.getAttribute('aria-labelledby') ?? '';
    handle.setAttribute('aria-label', which);
    handle.setAttribute('aria-labelledby', `${label} ${handle.id}`.trim());
  }
}
