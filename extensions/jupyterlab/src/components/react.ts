/** Drawing again when a model has changed, and what all of the panel's components are given. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

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

export function useChanges(model: { changed: ISignal<unknown, void> }): void {
  const [, draw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    model.changed.connect(draw);
    draw(); // It may have changed between the drawing and now.
    return () => {
      model.changed.disconnect(draw);
    };
  }, [model]);
}

/**
 * For an element of which parts go while they are used, such as a button that removes itself: where that takes the
 * focus away, it goes to the first button that is left, else to the element, which needs a `tabIndex` for it.
 */
export function useFocusKept<T extends HTMLElement>(): React.RefObject<T> {
  const ref = React.useRef<T>(null);
  const had = ref.current?.contains(document.activeElement) ?? false;
  React.useLayoutEffect(() => {
    const { current } = ref;
    if (had && current && !current.contains(document.activeElement)) {
      (current.querySelector('button') ?? current).focus();
    }
  });
  return ref;
}
