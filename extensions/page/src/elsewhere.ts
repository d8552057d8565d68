/** Pictures and films of other sites and files: the page loads none of them, and says so where they would be. */

import { tell } from './spoken';

const MEDIA = 'img, video, audio';
const SITE = /^\s*(https?:)?\/\//i;

function said(media: Element): HTMLElement | null {
  const next = media.nextElementSibling;
  return next instanceof HTMLElement && next.matches('.left-out[data-elsewhere]') ? next : null;
}

function fail(media: EventTarget | null): void {
  const own = /^(data|blob):/;
  if (media instanceof HTMLElement && media.matches(MEDIA)) {
    const source = media.getAttribute('src') ?? '';
    if (source && !own.test(source) && media.closest('main') && !said(media)) {
      const note = document.createElement('span');
      note.className = 'left-out';
      note.dataset.elsewhere = '';
      const alt = media.getAttribute('alt');
      const [drawn, heard] = SITE.test(source)
        ? ['A picture from another site is not shown here.', 'A recording from another site is not shown here.']
        : ['A picture that did not come with the app is not shown here.', 'A recording that did not come with the app is not shown here.'];
      tell(note, media.matches('img') ? drawn : heard, alt ?? '');
      media.hidden = true;
      media.after(note);
    }
  }
}

function show(media: EventTarget | null): void {
  if (media instanceof HTMLElement && media.matches(MEDIA)) {
    const note = said(media);
    if (note) {
      note.remove();
      media.hidden = false;
    }
  }
}

/** Say it of those that failed already, and of each that will. */
export function watchElsewhere(): void {
  document.addEventListener('error', event => fail(event.target), true);
  for (const event of ['load', 'loadedmetadata']) {
    document.addEventListener(event, ({ target }) => show(target), true);
  }
  for (const picture of document.querySelectorAll<HTMLImageElement>('main img')) {
    if (picture.complete && !picture.naturalWidth) {
      fail(picture);
    }
  }
}
