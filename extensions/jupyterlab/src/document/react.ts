/** What the components of a document share: its language, and what is read of the server while it is shown. */

import * as React from 'react';

import { told } from '../request';

/** The words of the person's language. */
export { words as useTrans } from '../words';

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
          fault: told(error),
          loading: false
        }))
    );
    return () => {
      current = false;
    };
  }, [...keys, round]);
  return { ...state, again };
}
