/** What the components of a document share: its language, and drawing again when a model has changed. */

import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/** The words of the person's language. */
export { words as useTrans } from '../words';

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

/** What was asked of the server: `value` is null until it has answered, and stays while it is asked again. */
export interface ILoaded<T> {
  value: T | null;
  fault: string;
  loading: boolean;
  again: () => void;
}

/** Ask the server whenever one of `keys` is another; the answer of an outdated question is dropped. */
export function useLoaded<T>(
  ask: () => Promise<T>,
  keys: React.DependencyList
): ILoaded<T> {
  const [state, setState] = React.useState<Omit<ILoaded<T>, 'again'>>({
    value: null,
    fault: '',
    loading: true
  });
  const [round, again] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    let current = true;
    setState(old => ({ ...old, loading: true }));
    ask().then(
      value => current && setState({ value, fault: '', loading: false }),
      (error: unknown) =>
        current &&
        setState(old => ({
          ...old,
          fault: error instanceof Error ? error.message : String(error),
          loading: false
        }))
    );
    return () => {
      current = false;
    };
  }, [...keys, round]);
  return { ...state, again };
}
