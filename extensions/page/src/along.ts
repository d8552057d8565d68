/**
 * What a page takes along when it is loaded again. It has no storage of its own; the name of its window stays when it is
 * loaded again.
 */

import { writing } from './covered';
import { select } from './hands';
import { fieldOf, type Left, left, putBack } from './left';

const PREFIX = 'microapps:';

/** What a page takes along when it is loaded again. */
export interface Along {
  values: Record<string, string>;
  /** When processes were lost lately; none where the page is loaded again for another reason. */
  losses: readonly number[];
  /** Where somebody was in the page. */
  left?: Left | null;
  /** Whether the page comes beside the one before it, which hands over what was entered once this one is alive. */
  beside?: boolean;
}

/**
 * Load the page again and take this along. What would be done meanwhile could not be: Chromium reads the name when it begins
 * to load. So nothing is done, and nothing is seen that is lost then.
 */
export function reloadWith(along: Along, address: string = location.href): void {
  const refuse = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  ['beforeinput', 'pointerdown', 'mousedown', 'click'].forEach(type => addEventListener(type, refuse, true));
  const name = () => (window.name = PREFIX + JSON.stringify({ ...along, left: along.left && left() }));
  name();
  ['input', 'keyup', 'pagehide'].forEach(type => addEventListener(type, name)); // until the other page is there
  location.replace(address);
}

/** What was taken along when the page was loaded again; once. */
export function takenAlong(): Along {
  const along = lookAlong();
  if (along) {
    window.name = '';
  }
  return along ?? { values: {}, losses: [] };
}

/** The same, and it stays there. */
function lookAlong(): Along | null {
  const said = window.name;
  return said.startsWith(PREFIX) ? (JSON.parse(said.slice(PREFIX.length)) as Along) : null;
}

/** Go on in the drawn page where somebody was in the one before it, as soon as that part of it is there. */
export function goOnThere(): void {
  const was = lookAlong()?.left;
  if (!was) {
    return;
  }
  const written = writing();
  document.addEventListener('DOMContentLoaded', () => {
    const field = fieldOf(was);
    if (field && document.activeElement === document.body) {
      putBack(field, was.text);
      field.focus({ preventScroll: true });
      select(field, was.selection);
    }
    written();
  });
}
