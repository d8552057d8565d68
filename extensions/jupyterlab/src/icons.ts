/** The icons that JupyterLab has none for; drawn in its grid of 24, in its colours. */

import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-microapps:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">${path}</g></svg>`
  });
}

/** A small window with a spark. */
export const microappIcon = icon(
  'microapp',
  '<path d="M4 4h10v2H4v12h14v-6h2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"/>' +
    '<path d="M19 1l1.3 3.2L23.5 5.5l-3.2 1.3L19 10l-1.3-3.2-3.2-1.3 3.2-1.3z"/>' +
    '<path d="M6 10h7v2H6zm0 4h5v2H6z"/>'
);

export const keyIcon = icon(
  'key',
  '<path d="M7 14a2 2 0 1 1 0-4 2 2 0 0 1 0 4zm5.7-4A6 6 0 1 0 12.7 14H16v4h4v-4h3v-4H12.7z"/>'
);
