/** Every action by a command: what menus, the palette, buttons and the keyboard run. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import type { AppCard } from './api';
import { BodyDialog, Publishing } from './components/publishing';
import { Renaming } from './components/renaming';
import { makeRoom } from './document/place';
import type { ExportKind } from './document/server';
import type { LibraryServer } from './library';
import type { StudioModel } from './model';
import { notebookPath } from './notebooks';
import { orNotify } from './notifying';
import { told } from './request';
import { CommandIDs } from './tokens';

interface IParts {
  app: JupyterFrontEnd;
  trans: TranslationBundle;
  model: StudioModel;
  server: LibraryServer;
}

type Args = ReadonlyPartialJSONObject;

/** The commands for one app; those of the palette ask which. Gives the ids in the order of a menu. */
export function addAppCommands(parts: IParts): void {
  const { app, trans, model, server } = parts;
  const { commands } = app;
  const add = (
    id: string,
    label: string,
    act: (app: AppCard, args: Args) => Promise<unknown>,
    more: Partial<{ isEnabled: (app: AppCard) => boolean; label: (args: Args) => string }> = {}
  ) => {
    commands.addCommand(id, {
      label: more.label ?? label,
      describedBy: { args: DESCRIBED },
      isEnabled: args => {
        const card = named(model, args);
        return model.connection === 'ready' && (!card || (more.isEnabled?.(card) ?? true));
      },
      execute: async args => {
        const { name } = args;
        const known = typeof name === 'string' ? await model.found(name) : null;
        const card = known ?? (await chosen(parts, label));
        if (!card) {
          return;
        }
        await orNotify(() => act(card, args), card.title);
      }
    });
  };
  add(CommandIDs.rename, trans.__('Rename…'), async card => {
    const { button, value } = await showDialog({
      title: trans.__('Rename %1', short(card.title)),
      body: new Renaming(card, trans),
      focusNodeSelector: 'input',
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Rename') })
      ]
    });
    if (button.accept && value && Object.keys(value).length) {
      await server.rename(card.name, value);
    }
  });
  add(CommandIDs.fork, trans.__('Fork'), async card => {
    const fork = await server.fork(card.name);
    await model.refresh(['apps']);
    await commands.execute(CommandIDs.open, { name: fork.name });
  });
  add(CommandIDs.undo, trans.__('Undo the last change'), card => server.act(card.name, 'undo'));
  add(CommandIDs.redo, trans.__('Redo'), card => server.act(card.name, 'redo'));
  add(CommandIDs.check, trans.__('Check again'), async card => {
    const checked = server.check(card.name).then(async () => {
      await model.refresh(['apps']);
      return null;
    });
    Notification.promise(checked, {
      pending: { message: trans.__('Checking %1…', card.title), options: { autoClose: false } },
      success: {
        message: () => {
          const now = model.app(card.name) ?? card;
          return now.summary || now.title;
        },
        options: { autoClose: 12_000 }
      },
      error: { message: (error: unknown) => told(error), options: { autoClose: false } }
    });
    await checked.catch(() => undefined); // Said by the notification.
  });
  add(CommandIDs.code, trans.__('Open the notebook'), async card => {
    await commands.execute('docmanager:open', { path: notebookPath(card.name), factory: 'Notebook' });
    makeRoom(app);
  });
  add(
    CommandIDs.exportApp,
    trans.__('Export'),
    async (card, args) => {
      const to = kind(args) ?? (await wanted(trans));
      if (to) {
        save(await server.exported(card.name, to));
      }
    },
    {
      label: args => {
        const labels: Record<ExportKind, string> = {
          notebook: trans.__('Export as a notebook'),
          html: trans.__('Export as a web page'),
          zip: trans.__('Export as a zip file'),
          app: trans.__('Export to be imported elsewhere')
        };
        const to = kind(args);
        return to ? labels[to] : trans.__('Export…');
      }
    }
  );
  add(CommandIDs.publish, trans.__('Publish…'), async card => {
    const publication = await server.publication(card.name);
    const props = { trans, server, app: card, status: model.status, publication };
    const dialog = new BodyDialog({
      title: trans.__('Publish %1', short(card.title)),
      body: ReactWidget.create(React.createElement(Publishing, props)),
      hasClose: true,
      focusNodeSelector: 'select',
      buttons: [Dialog.cancelButton({ label: trans.__('Close') })]
    });
    await dialog.launch();
    await model.refresh(['apps']);
  });
  add(
    CommandIDs.unpublish,
    trans.__('Take all links back'),
    async card => {
      await server.unpublish(card.name);
      await model.refresh(['apps']);
    },
    { isEnabled: card => card.published }
  );
  add(CommandIDs.remove, trans.__('Remove'), async card => {
    await server.remove(card.name);
    await model.refresh(['apps']);
    Notification.info(trans.__('%1 is in the trash.', card.title), {
      autoClose: 12_000,
      actions: [
        {
          label: trans.__('Undo'),
          callback: () =>
            void orNotify(async () => {
              await server.restore(card);
              await model.refresh(['apps']);
            })
        }
      ]
    });
  });
}

const DESCRIBED = {
  type: 'object',
  properties: { name: { type: 'string' }, to: { type: 'string' } }
};

function named(model: StudioModel, args: Args): AppCard | null {
  return typeof args.name === 'string' ? model.app(args.name) : null;
}

/** Lets the person say which app is meant. */
async function chosen({ trans, model }: IParts, title: string): Promise<AppCard | null> {
  if (!model.apps.length) {
    await showDialog({
      title,
      body: trans.__('You have no apps yet. Say in the panel what you need.'),
      buttons: [Dialog.okButton()]
    });
    return null;
  }
  const { value } = await InputDialog.getItem({
    title,
    label: trans.__('Which app?'),
    items: model.apps.map(app => `${app.title} (${app.name})`)
  });
  return model.apps.find(app => `${app.title} (${app.name})` === value) ?? null;
}

/** A title that fits the head of a dialog. */
function short(title: string): string {
  return title.length > 40 ? `${title.slice(0, 39)}…` : title;
}

function kind(args: Args): ExportKind | null {
  const { to } = args;
  return to === 'notebook' || to === 'html' || to === 'zip' || to === 'app' ? to : null;
}

async function wanted(trans: TranslationBundle): Promise<ExportKind | null> {
  const kinds: [ExportKind, string][] = [
    ['notebook', trans.__('Notebook')],
    ['html', trans.__('Web page')],
    ['zip', trans.__('Zip file')],
    ['app', trans.__('Micro-app, to be imported elsewhere')]
  ];
  const { value } = await InputDialog.getItem({
    title: trans.__('Export'),
    items: kinds.map(([, label]) => label)
  });
  return kinds.find(([, label]) => label === value)?.[0] ?? null;
}

function save(exported: { file: Blob; name: string }): void {
  const address = URL.createObjectURL(exported.file);
  const link = document.createElement('a');
  link.href = address;
  link.download = exported.name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
