/** TeX to MathML; loaded when there is a formula. */

import temml from 'temml';
import style from 'temml/dist/Temml-Local.css';

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

/** An environment that LaTeX has, and what sets formulas here has not. */
const ENVIRONMENT = /\\(begin|end)\{eqnarray\*?\}/g;
const known = (_: string, side: string) => (side === 'begin' ? '\\begin{array}{rcl}' : '\\end{array}');

/** One formula as MathML; with a mistake in it, the TeX as it was written. */
export function draw(tex: string, block: boolean): Node {
  const place = document.createElement(block ? 'div' : 'span');
  place.className = 'page-formula';
  try {
    temml.render(tex.replace(ENVIRONMENT, known), place, { displayMode: block, throwOnError: true, trust: false, annotate: true });
  } catch {
    place.replaceChildren();
    const written = document.createElement('code');
    written.textContent = tex;
    place.append(written);
  }
  return place;
}
