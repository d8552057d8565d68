/**
 * A page's address may name a notebook of the library, because JupyterLab puts the document in front there. Its file
 * browser would look for the notebook when the page is loaded anew, and fails on a drive that it does not show: so the
 * notebook is opened here.
 */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';

import { DRIVE } from '../tokens';

/** To be called while plugins are activated, before the address is followed. */
export function followAddress(app: JupyterFrontEnd): void {
  const path = PageConfig.getOption('treePath');
  if (!path.startsWith(`${DRIVE}:`)) {
    return;
  }
  PageConfig.setOption('treePath', '');
  // Where the layout that is restored holds it, this brings it to the front.
  void app.restored.then(() =>
    app.commands.execute('docmanager:open', { path, factory: 'Notebook' })
  );
}
