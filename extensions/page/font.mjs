/**
 * The font of formulas: browsers set MathML well only in a font that says how (a table MATH), and few machines have one.
 * It is Noto Sans Math with the signs that formulas are made of, and no others: all of it takes twice as long.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import subset from 'subset-font';

/** First and last of each run of characters. */
const SIGNS = [
  [0x20, 0x7e], // Latin, digits and ASCII's signs
  [0xa0, 0xff],
  [0x131, 0x131], // i and j without their dots
  [0x237, 0x237],
  [0x2c6, 0x2dd], // accents
  [0x300, 0x338],
  [0x391, 0x3f6], // Greek
  [0x2010, 0x205f], // dots, primes and blanks
  [0x20d0, 0x20ef], // vectors
  [0x2100, 0x214f], // letterlike
  [0x2190, 0x22ff], // arrows and operators
  [0x2308, 0x230b], // floor and ceiling
  [0x231c, 0x231f],
  [0x2322, 0x2323],
  [0x239b, 0x23b9], // parts of large brackets
  [0x23d0, 0x23e1],
  [0x25a0, 0x25ff],
  [0x27c2, 0x27c2],
  [0x27e6, 0x27ef], // angle brackets
  [0x27f5, 0x27ff], // long arrows
  [0x2a00, 0x2a0c], // large operators and integrals
  [0x2a3f, 0x2a3f],
  [0x2a7d, 0x2a7e], // comparisons
  [0x2aaf, 0x2ab0],
  [0x1d400, 0x1d4cf], // letters: bold, italic, script
  [0x1d504, 0x1d56b], // Fraktur and with double strokes
  [0x1d6a4, 0x1d755], // Greek: bold, italic
  [0x1d7ce, 0x1d7e1], // digits: bold, with double strokes
];

/** The font's file name, and the files: the font and its licence; `require` finds the package. */
export async function fontFiles(require) {
  const folder = dirname(require.resolve('@fontsource/noto-sans-math/package.json'));
  const whole = readFileSync(join(folder, 'files/noto-sans-math-latin-400-normal.woff2'));
  const text = SIGNS.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n)));
  const font = await subset(whole, text.join(''), { targetFormat: 'woff2' });
  const name = `math-${createHash('sha256').update(font).digest('hex').slice(0, 8)}.woff2`;
  return { name, files: [[name, font], ['math.LICENSE.txt', readFileSync(join(folder, 'LICENSE'))]] };
}
