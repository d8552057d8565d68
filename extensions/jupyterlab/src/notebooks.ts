/**
 * Notebooks of the library that are open in the ordinary editor, kept at the current revision.
 *
 * JupyterLab does not notice a change on the server by itself. One that nobody has edited is read anew; where there are
 * unsaved edits, the person is asked, and nothing is lost.
 */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Widget } from '@lumino/widgets';

import type { News } from './api';
import type { LibraryDrive } from './drive';
import type { StudioModel } from './model';
import { DRIVE } from './tokens';
import { words } from './words';

/** Where the ordinary editor finds an app. */
export function notebookPath(name: string): string {
  return `${DRIVE}:${name}.ipynb`;
}

/** The app whose notebook this path is; empty when it is none of the library's. */
export function appOf(path: string): string {
  return path.startsWith(`${DRIVE}:`) ? path.slice(DRIVE.length + 1).replace(/\.ipynb$/, '') : '';
}

/** What may leave an app's notebook other than it was; its name stands in it. */
const CONTENT = new Set(['changed', 'made', 'renamed']);

export function keepCurrent(
  model: StudioModel,
  manager: IDocumentManager,
  drive: LibraryDrive
): void {
  const busy = new Set<string>();
  const missed = new Set<string>();
  const look = (path: string) => {
    const widget = manager.findWidget(path, null);
    const context = widget && manager.contextForWidget(widget);
    if (!context) {
      return;
    }
    if (busy.has(path)) {
      missed.add(path); // What is being read may be older than this.
      return;
    }
    busy.add(path);
    void bring(context, widget, manager, drive)
      .catch(() => undefined) // Such as of an app that is in the trash: whoever saves it is told.
      .finally(() => {
        busy.delete(path);
        if (missed.delete(path)) {
          look(path);
        }
      });
  };
  model.news.connect((_, news: News) => {
    if (news.kind === 'app' && news.what === 'renamed') {
      drive.moved(news.was, news.app);
    }
    if (news.kind === 'app' && CONTENT.has(news.what)) {
      look(notebookPath(news.app));
    } else if (news.kind === 'reset') {
      drive.read.forEach(path => look(`${DRIVE}:${path}`)); // What happened until now was not told.
    }
  });
}

async function bring(
  context: DocumentRegistry.Context,
  widget: Widget,
  manager: IDocumentManager,
  drive: LibraryDrive
): Promise<void> {
  await context.ready;
  const known = await drive.known(context.localPath);
  const now = await manager.services.contents.get(context.path, { content: false, hash: true });
  if (now.hash && now.hash === known) {
    return; // It is what was saved from here.
  }
  if (!context.model.dirty) {
    await revert(context, widget);
    return;
  }
  const trans = words();
  const { button } = await showDialog({
    title: trans.__('The app was changed'),
    body: trans.__(
      '%1 has a new revision, and its notebook has edits here that are not saved. Taking the new revision drops them; keeping them leaves the notebook as you see it.',
      appOf(context.path)
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep my edits') }),
      Dialog.warnButton({ label: trans.__('Take the new revision') })
    ]
  });
  if (button.accept) {
    await revert(context, widget);
  } else if (now.hash) {
    drive.keepOver(context.localPath, now.hash);
  }
}

/** Read the notebook anew. What is typed until it is there would be lost, so for that moment nothing can be. */
async function revert(context: DocumentRegistry.Context, { node }: Widget): Promise<void> {
  node.inert = true;
  try {
    await context.revert();
  } finally {
    node.inert = false;
  }
}
