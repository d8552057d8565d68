/** When a tab asks the server again: as the library says that something changed, and as the person comes back to it. */

import * as React from 'react';

import type { DocumentModel, Tab } from '../model';

/** Read again when the library says that one of these is not as it was. */
export function useOutdated(
  model: DocumentModel,
  kinds: readonly string[],
  again: () => void
): void {
  React.useEffect(() => {
    const look = (_: DocumentModel, what: string) =>
      kinds.includes(what) && again();
    model.outdated.connect(look);
    return () => {
      model.outdated.disconnect(look);
    };
  }, [model]);
}

/** Read again whenever the tab is come back to: of what an app does while it runs, the library says nothing. */
export function useReturn(
  model: DocumentModel,
  tab: Tab,
  again: () => void
): void {
  const here = model.tab === tab;
  const first = React.useRef(true);
  React.useEffect(() => {
    if (here && !first.current) {
      again();
    }
    first.current = false;
  }, [here]);
}
