/** What of the client is loaded only when a page needs it. Each part is a file of its own, beside the folder of icons. */

import { pageData } from './page';

/** The files' names; the build puts them here. */
declare const PARTS: Readonly<Record<'tex' | 'markdown' | 'unfilled' | 'korean' | 'staying' | 'naming' | 'beside', string>>;

interface Parts {
  tex: typeof import('./tex');
  markdown: typeof import('./markdown');
  unfilled: typeof import('./unfilled');
  korean: typeof import('./korean');
  staying: typeof import('./staying');
  naming: typeof import('./naming');
  beside: typeof import('./beside');
}

/** Load a part; more than once costs nothing. */
export function part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  const folder = new URL(pageData().icons, location.href);
  return import(new URL(`../${PARTS[name]}`, folder).href) as Promise<Parts[Name]>;
}
