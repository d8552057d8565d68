/**
 * Names for what the widget library leaves without one to a screen reader: the handles of sliders, groups of choices,
 * fields whose label stands beside them and is not tied to them, buttons that are only an icon; and words where a page
 * of another site would be.
 */

import type { PageManager } from './manager';
import { part } from './parts';
import { spoken } from './spoken';
import { sayValue } from './valuing';

const NEEDY = '.noUi-handle, .widget-readout, .widget-radio-box, .widget-toggle-buttons > div, select, input, textarea, button';
/** What takes more than the label beside it (`naming.ts`). */
const NEEDIER = '.jupyter-widget-tag-close, .jupyter-widget-taginput, .noUi-handle-upper';
const PLAYER: Readonly<Record<string, string>> = {
  'fa-play': 'Play',
  'fa-pause': 'Pause',
  'fa-stop': 'Stop',
  'fa-retweet': 'Repeat',
};
let count = 0;

function nameOf(element: Element): void {
  if (element.matches('[aria-label], [aria-labelledby]')) {
    return;
  }
  const field = element as HTMLInputElement;
  const root = element.closest('[data-widget]');
  if (!root || [...(field.labels ?? [])].some(label => label.textContent?.trim())) {
    return;
  }
  if (element.localName === 'button' && !element.matches('.widget-toggle-buttons button')) {
    if (!element.textContent?.trim() && element.getAttribute('title')) {
      element.setAttribute('aria-label', element.getAttribute('title') ?? '');
    }
    return;
  }
  if (element.localName === 'button') {
    return;
  }
  const own = root.querySelector<HTMLElement>(':scope > .widget-label');
  const beside = root.previousElementSibling;
  const label = own?.textContent?.trim() ? own : beside?.matches('.widget-label, .widget-html') ? beside : null;
  if (label) {
    label.id ||= `label-${++count}`;
    element.setAttribute('aria-labelledby', label.id);
  } else if (field.placeholder && field.placeholder !== '\u200b') {
    element.setAttribute('aria-label', field.placeholder);
  }
  if (element.matches('.widget-radio-box')) {
    element.setAttribute('role', 'radiogroup');
  } else if (element.localName === 'div' && element.parentElement?.matches('.widget-toggle-buttons')) {
    element.setAttribute('role', 'group');
  }
}

async function nameMore(element: HTMLElement): Promise<void> {
  const [{ name }, words] = await Promise.all([part('naming'), spoken()]);
  name(element, words);
}

/** What the library writes for a tooltip that is not there. */
function untitle(element: Element): void {
  if (element.getAttribute('title') === 'null') {
    element.removeAttribute('title');
  }
}

/** The buttons of a player are icons, and one of them changes. */
function play(button: Element): void {
  const icon = [...(button.firstElementChild?.classList ?? [])].find(name => name in PLAYER);
  if (icon) {
    button.setAttribute('aria-label', PLAYER[icon]);
  }
}

/** A picture says at least that it is one. */
function describe(picture: HTMLImageElement): void {
  if (!picture.hasAttribute('alt')) {
    picture.alt = picture.title || 'Image';
  }
}

/** A page of another site is never loaded: say so where it would be, as the drawn page does. */
function unframe(frame: Element): void {
  if (!frame.hasAttribute('srcdoc')) {
    frame.replaceWith(document.createElement('x-iframe'));
  }
}

function header(element: HTMLElement): void {
  const open = element.parentElement?.classList.contains('jupyter-widget-Collapse-open');
  element.setAttribute('aria-expanded', String(open));
  if (element.getAttribute('role') !== 'button') {
    element.setAttribute('role', 'button');
    element.tabIndex = 0;
    element.addEventListener('keydown', event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        element.click();
      }
    });
  }
}

function state(button: Element): void {
  if (button.matches('.widget-toggle-button')) {
    button.setAttribute('aria-pressed', String(button.classList.contains('mod-active')));
  }
}

/** Name everything under an element, now and as it changes. */
export function watchLabels(root: HTMLElement, manager: PageManager): void {
  const look = (within: Element) => {
    within.querySelectorAll(NEEDY).forEach(nameOf);
    within.querySelectorAll<HTMLElement>(NEEDIER).forEach(each => void nameMore(each));
    within.querySelectorAll('.noUi-handle').forEach(each => void sayValue(each, manager));
    within.querySelectorAll('.widget-toggle-button').forEach(state);
    within.querySelectorAll('[title="null"]').forEach(untitle);
    within.querySelectorAll('.widget-play button').forEach(play);
    within.querySelectorAll('iframe').forEach(unframe);
    within.querySelectorAll<HTMLImageElement>('img.widget-image').forEach(describe);
    within.querySelectorAll<HTMLElement>('.jupyter-widget-Collapse-header').forEach(header);
  };
  new MutationObserver(records => {
    for (const record of records) {
      if (record.type === 'attributes') {
        const target = record.target as Element;
        if (record.attributeName === 'aria-valuetext') {
          void sayValue(target, manager);
          continue;
        }
        state(target);
        untitle(target);
        target.closest('.widget-play')?.querySelectorAll('button').forEach(play);
        target.querySelectorAll<HTMLElement>(':scope > .jupyter-widget-Collapse-header').forEach(header);
      } else if (record.addedNodes.length && record.target instanceof Element) {
        look(record.target.closest('[data-widget]') ?? record.target);
      }
    }
  }).observe(root, { subtree: true, childList: true, attributeFilter: ['class', 'title', 'aria-valuetext'] });
  look(root);
}
