/**
 * Names for what the widget library leaves without one to a screen reader: the handles of sliders, groups of choices,
 * fields whose label stands beside them and is not tied to them, buttons that are only an icon.
 */

const NEEDY = '.noUi-handle, .widget-readout, .widget-radio-box, .widget-toggle-buttons > div, select, input, textarea, button';
let count = 0;

function nameOf(element: Element): void {
  if (element.matches('[aria-label], [aria-labelledby]')) {
    return;
  }
  const field = element as HTMLInputElement;
  const root = element.closest('[data-widget]');
  if (!root || field.labels?.length) {
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

/** What the library writes for a tooltip that is not there. */
function untitle(element: Element): void {
  if (element.getAttribute('title') === 'null') {
    element.removeAttribute('title');
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
export function watchLabels(root: HTMLElement): void {
  const look = (within: Element) => {
    within.querySelectorAll(NEEDY).forEach(nameOf);
    within.querySelectorAll('.widget-toggle-button').forEach(state);
    within.querySelectorAll('[title="null"]').forEach(untitle);
    within.querySelectorAll<HTMLElement>('.jupyter-widget-Collapse-header').forEach(header);
  };
  new MutationObserver(records => {
    for (const record of records) {
      if (record.type === 'attributes') {
        const target = record.target as Element;
        state(target);
        untitle(target);
        target.querySelectorAll<HTMLElement>(':scope > .jupyter-widget-Collapse-header').forEach(header);
      } else if (record.addedNodes.length && record.target instanceof Element) {
        look(record.target.closest('[data-widget]') ?? record.target);
      }
    }
  }).observe(root, { subtree: true, childList: true, attributeFilter: ['class', 'title'] });
  look(root);
}
