/** The extension: the studio's model, its panel, its documents, and what it adds to notebooks. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';

import { addNotebookCommands } from './adopting';
import { documents } from './document/plugin';
import { LibraryDrive } from './drive';
import { LibraryServer } from './library';
import { StudioModel } from './model';
import { keepCurrent } from './notebooks';
import { panel } from './panel';
import { IMicroappsStudio } from './tokens';
import { notebookButton } from './toolbar';
import { speak, words } from './words';

const studio: JupyterFrontEndPlugin<IMicroappsStudio> = {
  id: 'jupyterlab-microapps:plugin',
  description: 'The micro-apps studio: its model, and the drive of its notebooks.',
  autoStart: true,
  provides: IMicroappsStudio,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): IMicroappsStudio => {
    speak(translator);
    const { serverSettings, contents } = app.serviceManager;
    const drive = new LibraryDrive(serverSettings);
    contents.addDrive(drive);
    return { model: new StudioModel(serverSettings), drive };
  }
};

const notebooks: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-microapps:notebooks',
  description: 'Micro-apps from notebooks, and the notebooks of micro-apps.',
  autoStart: true,
  requires: [IMicroappsStudio],
  optional: [IDocumentManager, INotebookTracker, IToolbarWidgetRegistry, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    studio: IMicroappsStudio,
    manager: IDocumentManager | null,
    notebooks: INotebookTracker | null,
    toolbars: IToolbarWidgetRegistry | null,
    browser: IDefaultFileBrowser | null
  ) => {
    const { model, drive } = studio;
    const server = new LibraryServer(app.serviceManager.serverSettings);
    addNotebookCommands({ app, trans: words(), model, server, manager, notebooks, browser });
    toolbars?.addFactory<NotebookPanel>('Notebook', 'microapps', panel =>
      notebookButton(panel, app.commands)
    );
    if (manager) {
      keepCurrent(model, manager, drive);
    }
  }
};

export default [studio, panel, documents, notebooks];
