/** What the server put into the page: the snapshot's widgets, the outputs that live, and what the page is told of itself. */

import type { Output, WidgetState } from './protocol';

/** The content of the data block with the id `page`. */
export interface PageData {
  widgets: { [model: string]: WidgetState };
  /** The outputs that come alive; the drawn one of each carries its place in this list as `data-living`. */
  living: Output[];
  /** Whether every visitor's process has run the notebook itself, so that another has other widgets. */
  perVisitor: boolean;
  /** Whether the app may run scripts of its own in this page. */
  scripts: boolean;
  /** Where the icons are. */
  icons: string;
  /** The icons that the page draws already. */
  drawnIcons: string[];
  /** Inputs that the link fills in, by label. */
  prefill: Record<string, string>;
  /** Whether the app itself reads the address, so that a name that fits no control may be meant for it. */
  readsAddress?: boolean;
  /** Where the site shows the app with every widget library it has. */
  full: string;
}

const RESERVED = ['embed', 'full'];
const LONGEST = 4000;
const MOST = 100;

/** What the page's own address fills in: one that no server made for this link knows of it only here. */
function addressed(): Record<string, string> {
  const asked = [...new URLSearchParams(location.search.slice(0, LONGEST))];
  return Object.fromEntries(asked.filter(([name]) => !RESERVED.includes(name.toLowerCase())).slice(0, MOST));
}

/** The page's data.
 *
 * @throws when the page was not made by the site.
 */
export function pageData(): PageData {
  const block = document.querySelector('body > script#page');
  const data = JSON.parse(block?.textContent ?? '') as PageData;
  return { ...data, prefill: { ...addressed(), ...data.prefill } };
}
