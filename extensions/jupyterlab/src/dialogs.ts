/** What both the panel and the documents ask in a dialog of JupyterLab's. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';

import { words } from './words';

/** Whether the person is sure of what cannot be taken back; `act` is the name of the button that does it. */
export async function confirmed(title: string, body: string, act: string): Promise<boolean> {
  const { button } = await showDialog({
    title,
    body,
    buttons: [
      Dialog.cancelButton({ label: words().__('Cancel') }),
      Dialog.warnButton({ label: act })
    ]
  });
  return button.accept;
}

/** Files of the folder that JupyterLab shows, which go with a request; their paths. */
export async function pickedData(manager: IDocumentManager): Promise<string[]> {
  const { value } = await FileDialog.getOpenFiles({
    manager,
    title: words().__('Data for the app')
  });
  return (value ?? []).filter(file => file.type !== 'directory').map(file => file.path);
}
