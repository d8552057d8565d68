/** Notebooks outside the library: make one a micro-app, or open in the studio the app that it is. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { microappIcon } from './icons';
import type { LibraryServer } from './library';
import type { StudioModel } from './model';
import { appOf } from './notebooks';
import { orNotify } from './notifying';
import { kindOf } from './toolbar';
import { CommandIDs } from './tokens';

interface IParts {
  app: JupyterFrontEnd;
  trans: TranslationBundle;
  model: StudioModel;
  server: LibraryServer;
  manager: IDocumentManager | null;
  notebooks: INotebookTracker | null;
  browser: IDefaultFileBrowser | null;
}

export function addNotebookCommands(parts: IParts): void {
  const { app, trans, model, server, manager, notebooks } = parts;
  const { commands } = app;
  const args = { args: { type: 'object', properties: { path: { type: 'string' } } } };

  commands.addCommand(CommandIDs.adopt, {
    label: trans.__('Make this notebook a micro-app'),
    icon: microappIcon,
    describedBy: args,
    isEnabled: () => model.connection === 'ready',
    execute: async ({ path }) => {
      const notebook = typeof path === 'string' ? path : meant(parts);
      if (!notebook || !(await saved(notebook, trans, manager))) {
        return;
      }
      await orNotify(async () => {
        const job = await server.begin({ action: 'adopt', path: local(app, notebook) });
        await commands.execute(CommandIDs.open, { job: job.id });
      });
    }
  });

  commands.addCommand(CommandIDs.openNotebook, {
    label: trans.__('Open this micro-app in the studio'),
    icon: microappIcon,
    describedBy: args,
    isVisible: () => !!notebooks?.currentWidget && kindOf(notebooks.currentWidget) === 'microapp',
    execute: async ({ path }) => {
      const panel = notebooks?.find(panel => panel.context.path === path) ?? notebooks?.currentWidget;
      if (!panel) {
        return;
      }
      const own = appOf(panel.context.path);
      if (own) {
        await commands.execute(CommandIDs.open, { name: own });
        return;
      }
      const metadata = panel.content.model?.getMetadata('microapps') as { name?: unknown } | undefined;
      const name = typeof metadata?.name === 'string' ? metadata.name : '';
      const known = name ? await model.found(name) : null;
      const copy = { path: panel.context.path };
      if (!known) {
        await commands.execute(CommandIDs.adopt, copy);
        return;
      }
      const { button } = await showDialog({
        title: trans.__('This notebook is a copy'),
        body: trans.__(
          'Your micro-apps have one of this name: %1. Open that one, or take this copy in as another?',
          known.title
        ),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.createButton({ label: trans.__('Take this copy in'), accept: true, actions: ['copy'] }),
          Dialog.okButton({ label: trans.__('Open that one') })
        ]
      });
      if (button.actions.includes('copy')) {
        await commands.execute(CommandIDs.adopt, copy);
      } else if (button.accept) {
        await commands.execute(CommandIDs.open, { name: known.name });
      }
    }
  });
}

/** The notebook that is selected in the file browser when that was used last, else the one in front. */
function meant({ app, browser, notebooks }: IParts): string {
  const inBrowser = browser?.node.contains(document.activeElement);
  const selected = browser && [...browser.selectedItems()].find(item => item.type === 'notebook');
  const front = notebooks?.currentWidget;
  return selected && (inBrowser || app.shell.currentWidget !== front)
    ? selected.path
    : (front?.context.path ?? selected?.path ?? '');
}

/** The path on the server's own drive. */
function local(app: JupyterFrontEnd, path: string): string {
  return app.serviceManager.contents.localPath(path);
}

/** Milliseconds in which a notebook that is edited together has saved itself. */
const SAVED_BY_ITSELF = 10_000;

/**
 * The server reads the file: unsaved edits are saved first, if the person wants it.
 *
 * A notebook that is edited together saves itself soon after each edit; a save of ours on top of that would be taken
 * for a change by somebody else.
 */
async function saved(
  path: string,
  trans: TranslationBundle,
  manager: IDocumentManager | null
): Promise<boolean> {
  const widget = manager?.findWidget(path, null);
  const context = widget && manager?.contextForWidget(widget);
  if (!context?.model.dirty || (context.model.collaborative && (await clean(context.model)))) {
    return true;
  }
  const { button } = await showDialog({
    title: trans.__('Save the notebook first?'),
    body: trans.__('The micro-app is made from the saved file, and this notebook has edits that are not saved.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Save and go on') })
    ]
  });
  if (button.accept) {
    await context.save();
  }
  return button.accept && !context.model.dirty;
}

/** Whether the model has nothing unsaved any more before long. */
function clean(model: DocumentRegistry.IModel): Promise<boolean> {
  return new Promise(resolve => {
    const end = () => {
      window.clearTimeout(timer);
      model.stateChanged.disconnect(look);
      resolve(!model.dirty);
    };
    const look = () => {
      if (!model.dirty) {
        end();
      }
    };
    const timer = window.setTimeout(end, SAVED_BY_ITSELF);
    model.stateChanged.connect(look);
    look();
  });
}
