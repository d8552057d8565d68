/** TeX to MathML, for the page; loaded when there is a formula. */

import { draw, useFont } from './typesetting';

/** The font's file, beside this one; the build puts its name here. */
declare const FONT: string;

useFont(new URL(FONT, import.meta.url).href);

export { draw };
