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
  /** Where the site shows the app with every widget library it has. */
  full: string;
}

/** The page's data.
 *
 * @throws when the page was not made by the site.
 */
export function pageData(): PageData {
  const block = document.getElementById('page');
  return JSON.parse(block?.textContent ?? '') as PageData;
}
