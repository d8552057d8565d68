/** TeX to MathML, and the font of formulas, for machines that have none. */

import temml from 'temml';
import style from 'temml/dist/Temml-Local.css';

const NAME = 'microapps math';

/** Have formulas set in the font of this address, and in the sizes of Jupyter. */
export function useFont(address: string): void {
  document.fonts.add(new FontFace(NAME, `url("${address}")`, { display: 'swap' }));
  const sheet = new CSSStyleSheet();
  // Jupyter and Voila number no equation by itself: only what is written as \tag is shown.
  sheet.replaceSync(`${style}.tml-eqn{display:none}math{font-family:"Cambria Math","STIX Two Math","Noto Sans Math","${NAME}",math;font-size:1.1em}`);
  document.adoptedStyleSheets.push(sheet);
}

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
