/** The panel in JupyterLab's sidebar, with its commands, its menu, its launcher card and its palette entries. */

import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { MenuSvg } from '@jupyterlab/ui-components';

import { addAppCommands } from './commands';
import type { IAround } from './components/react';
import { confirmed, pickedData } from './dialogs';
import { Draft } from './draft';
import { microappIcon } from './icons';
import { addImportCommand } from './importing';
import { LibraryServer } from './library';
import { SETTINGS, translateSettings } from './settings';
import { Sidebar } from './sidebar';
import { CommandIDs, IMicroappsStudio } from './tokens';
import { words } from './words';

export const panel: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-microapps:panel',
  description: 'The panel of micro-apps.',
  autoStart: true,
  requires: [IMicroappsStudio],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher, ISettingRegistry, IDocumentManager],
  activate: (
    app: JupyterFrontEnd,
    studio: IMicroappsStudio,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    settings: ISettingRegistry | null,
    manager: IDocumentManager | null
  ) => {
    const trans = words();
    const { commands } = app;
    const { model } = studio;
    const server = new LibraryServer(app.serviceManager.serverSettings);
    const draft = new Draft(server, app.serviceManager.contents);
    const takeIn = addImportCommand(app, trans, model, server);
    const around: IAround = {
      open: name => void commands.execute(CommandIDs.open, { name }),
      openJob: job => void commands.execute(CommandIDs.open, { job }),
      openGroup: group => void commands.execute(CommandIDs.variants, { group }),
      menu: (name, left, top) => appMenu(app, name).open(left, top),
      import: file => void (file ? takeIn(file) : commands.execute(CommandIDs.importApp)),
      pick: manager ? () => pickedData(manager) : null,
      confirm: confirmed
    };
    const sidebar = new Sidebar({ trans, model, server, draft, around });
    app.shell.add(sidebar, 'left', { rank: 600, type: 'Micro-apps' });
    restorer?.add(sidebar, sidebar.id);

    let openAtOnce = true;
    draft.began.connect((_, begun) => {
      void model.refresh(['jobs', 'apps']);
      if (!openAtOnce) {
        sidebar.view.show('jobs');
      } else if ('group' in begun && 'jobs' in begun) {
        around.openGroup(begun.group);
      } else if ('id' in begun) {
        around.openJob(begun.id);
      }
    });

    const reveal = () => app.shell.activateById(sidebar.id);
    commands.addCommand(CommandIDs.panel, {
      label: trans.__('Show micro-apps'),
      execute: reveal
    });
    commands.addCommand(CommandIDs.compose, {
      label: args => (args.isLauncher ? trans.__('Micro-app') : trans.__('New micro-app…')),
      caption: trans.__('Say what you need, and get a tested app'),
      icon: microappIcon,
      describedBy: { args: { type: 'object', properties: { request: { type: 'string' } } } },
      execute: ({ request }) => {
        reveal();
        draft.propose(typeof request === 'string' ? request : draft.text);
      }
    });
    commands.addCommand(CommandIDs.jobs, {
      label: trans.__('Show jobs'),
      execute: () => {
        reveal();
        sidebar.view.show('jobs');
      }
    });
    commands.addCommand(CommandIDs.key, {
      label: trans.__('Key for the model…'),
      execute: () => {
        reveal();
        sidebar.view.showKey(true);
      }
    });
    commands.addCommand(CommandIDs.refresh, {
      label: trans.__('Read everything anew'),
      execute: () => model.start()
    });
    commands.addCommand(CommandIDs.stop, {
      label: args => (args.job ? trans.__('Stop') : trans.__('Stop all jobs')),
      describedBy: { args: { type: 'object', properties: { job: { type: 'string' } } } },
      isEnabled: () => model.jobs.some(job => !job.done),
      execute: ({ job }) =>
        Promise.all(
          model.jobs
            .filter(other => !other.done && (!job || other.id === job))
            .map(other => server.stop(other.id))
        )
    });
    addAppCommands({ app, trans, model, server });
    model.changed.connect(() => commands.notifyCommandChanged());

    launcher?.add({
      command: CommandIDs.compose,
      args: { isLauncher: true },
      category: trans.__('Other'),
      rank: 1
    });
    for (const command of PALETTE) {
      palette?.addItem({ command, category: trans.__('Micro-apps') });
    }
    if (settings) {
      translateSettings(settings, trans);
    }
    void settings?.load(SETTINGS).then(
      loaded => {
        const apply = () => {
          openAtOnce = loaded.get('openAtOnce').composite !== false;
          const answers = loaded.get('answers').composite;
          draft.set({ answers: typeof answers === 'number' ? answers : 1 });
        };
        apply();
        loaded.changed.connect(apply);
      },
      (error: unknown) => console.warn('microapps: the settings could not be read', error)
    );
    void model.start();
  }
};

const PALETTE = [
  CommandIDs.compose,
  CommandIDs.panel,
  CommandIDs.code,
  CommandIDs.rename,
  CommandIDs.fork,
  CommandIDs.undo,
  CommandIDs.redo,
  CommandIDs.check,
  CommandIDs.exportApp,
  CommandIDs.importApp,
  CommandIDs.publish,
  CommandIDs.unpublish,
  CommandIDs.remove,
  CommandIDs.jobs,
  CommandIDs.stop,
  CommandIDs.adopt,
  CommandIDs.openNotebook,
  CommandIDs.key,
  CommandIDs.refresh
];

/** Everything that can be done with one app. */
function appMenu(app: JupyterFrontEnd, name: string): MenuSvg {
  const menu = new MenuSvg({ commands: app.commands });
  const add = (command: string, more: Record<string, string> = {}) =>
    menu.addItem({ command, args: { name, ...more } });
  add(CommandIDs.open);
  add(CommandIDs.code);
  menu.addItem({ type: 'separator' });
  add(CommandIDs.rename);
  add(CommandIDs.fork);
  add(CommandIDs.undo);
  add(CommandIDs.check);
  menu.addItem({ type: 'separator' });
  for (const to of ['notebook', 'html', 'zip', 'app']) {
    add(CommandIDs.exportApp, { to });
  }
  add(CommandIDs.publish);
  add(CommandIDs.unpublish);
  menu.addItem({ type: 'separator' });
  add(CommandIDs.remove);
  return menu;
}
