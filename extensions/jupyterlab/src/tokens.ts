/** What the extension's parts give to each other, and what another extension may use. */

import { Token } from '@lumino/coreutils';

import type { LibraryDrive } from './drive';
import type { StudioModel } from './model';

/** The studio in this page: the library's apps and jobs as they are now, and the stream of what happens to them. */
export interface IMicroappsStudio {
  readonly model: StudioModel;
  /** The library's notebooks, as `microapps:NAME.ipynb`. */
  readonly drive: LibraryDrive;
}

export const IMicroappsStudio = new Token<IMicroappsStudio>(
  'jupyterlab-microapps:IMicroappsStudio',
  'The micro-apps studio: its apps and jobs, and the stream of what happens to them.'
);

/** The commands' ids. Each takes the arguments named here. */
export namespace CommandIDs {
  /** Show the panel, with the cursor in its composer; `request` is put there. */
  export const compose = 'microapps:compose';
  /** Show the panel. */
  export const panel = 'microapps:panel';
  /** Open the studio document of the app `name`, or of the job `job` that makes one; `tab` is shown first. */
  export const open = 'microapps:open';
  /** Open the variants of `group` side by side. */
  export const variants = 'microapps:variants';
  /** Open the notebook of the app `name` in the ordinary editor. */
  export const code = 'microapps:code';
  export const rename = 'microapps:rename';
  export const fork = 'microapps:fork';
  export const undo = 'microapps:undo';
  export const redo = 'microapps:redo';
  export const check = 'microapps:check';
  /** Save the app `name` as a file; `to` is `notebook`, `html`, `zip` or `app`. */
  export const exportApp = 'microapps:export';
  /** Take in an app that was exported as an `app`. */
  export const importApp = 'microapps:import';
  /** Give out links to the app `name`, and take them back; `unpublish` takes all back. */
  export const publish = 'microapps:publish';
  export const unpublish = 'microapps:unpublish';
  export const remove = 'microapps:remove';
  /** Show the jobs in the panel. */
  export const jobs = 'microapps:jobs';
  /** Stop the job `job`; without one, all that run. */
  export const stop = 'microapps:stop';
  /** Make a micro-app of the notebook `path`; without one, of the one in front. */
  export const adopt = 'microapps:adopt';
  /** Open the studio document of the micro-app that is the notebook in front, or `path`. */
  export const openNotebook = 'microapps:open-notebook';
  /** Add, test or remove the key of the model. */
  export const key = 'microapps:key';
  /** Read everything anew. */
  export const refresh = 'microapps:refresh';
}

/** Ids of widgets, and the drive of the library's notebooks. */
export const PANEL_ID = 'jp-microapps-panel';
export const DRIVE = 'microapps';
