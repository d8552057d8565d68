/** What all of the panel's components are given. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Draft } from '../draft';
import type { LibraryServer } from '../library';
import type { StudioModel } from '../model';

/** What the panel does outside itself. */
export interface IAround {
  open: (name: string) => void;
  openJob: (job: string) => void;
  openGroup: (group: string) => void;
  menu: (name: string, left: number, top: number) => void;
  /** Take in an app that was exported elsewhere; null asks for its file. */
  import: (file: File | null) => void;
  /** Lets the person choose files of the folder that JupyterLab shows; null where there is no such folder. */
  pick: (() => Promise<string[]>) | null;
  confirm: (title: string, text: string, act: string) => Promise<boolean>;
}

export interface IPanelProps {
  trans: TranslationBundle;
  model: StudioModel;
  server: LibraryServer;
  draft: Draft;
  around: IAround;
}
