/** Takes in an app that was exported elsewhere: the file is sent, and a job checks it here again. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import { microappIcon } from './icons';
import type { LibraryServer } from './library';
import type { StudioModel } from './model';
import { orNotify } from './notifying';
import { CommandIDs } from './tokens';

/** Adds the command, which asks for the file; gives what takes in one that is there. */
export function addImportCommand(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  model: StudioModel,
  server: LibraryServer
): (file: File) => Promise<void> {
  const takeIn = (file: File) =>
    orNotify(async () => {
      const { id } = await server.upload(file);
      const job = await server.begin({ action: 'import', data: [id] });
      await app.commands.execute(CommandIDs.open, { job: job.id });
    }, file.name);
  app.commands.addCommand(CommandIDs.importApp, {
    label: trans.__('Import a micro-app…'),
    caption: trans.__('Take in an app that someone exported; it is checked here, and what it may do is asked anew.'),
    icon: microappIcon,
    isEnabled: () => model.connection === 'ready',
    execute: async () => {
      const file = await picked();
      if (file) {
        await takeIn(file);
      }
    }
  });
  return takeIn;
}

/** A notebook of the person's own machine; null if they choose none. */
function picked(): Promise<File | null> {
  return new Promise(resolve => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.ipynb';
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
