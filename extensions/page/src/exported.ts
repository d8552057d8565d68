/** Within an exported page: its formulas are set, and those of each answer that it comes to show (`answers.js`). */

import { setWith } from './formulas';
import { draw, useFont } from './typesetting';

/** The font as an address that holds it; the build puts it here. */
declare const FONT_ITSELF: string;

declare global {
  var setFormulas: (element: Node) => void;
}

useFont(FONT_ITSELF);
globalThis.setFormulas = element => setWith(element, draw);
globalThis.setFormulas(document.querySelector('main')!);
