/** Why something was not done, until it is read and closed. */

import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useTrans } from './react';

export function Fault(props: {
  /** Nothing is drawn while it is empty. */
  fault: string;
  onClose: () => void;
  /** What can be done about it, such as a button to try again. */
  children?: React.ReactNode;
}): React.JSX.Element | null {
  const trans = useTrans();
  return props.fault ? (
    <div className="jp-MicroappsFault" role="alert">
      <span>{props.fault}</span>
      {props.children}
      <button
        type="button"
        className="jp-MicroappsChip-remove"
        aria-label={trans.__('Close')}
        onClick={props.onClose}
      >
        <closeIcon.react tag="span" />
      </button>
    </div>
  ) : null;
}
