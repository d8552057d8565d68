/** Hooks of all components: drawing again when a model has changed, and a focus that is not lost by it. */

import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** Draw again whenever the model says that it has changed. */
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
