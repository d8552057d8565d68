/** Why something was not done. */

import * as React from 'react';

import { words } from '../words';
import { Remove } from './remove';

export function Fault(props: {
  /** Nothing is drawn while it is empty. */
  fault: string;
  /** Where it stays until it is read and closed. */
  onClose?: () => void;
  /** What can be done about it, such as a button to try again. */
  children?: React.ReactNode;
}): React.JSX.Element | null {
  const trans = words();
  return props.fault ? (
    <div className="jp-MicroappsFault" role="alert">
      <span>{props.fault}</span>
      {props.children}
      {props.onClose && <Remove label={trans.__('Close')} onClick={props.onClose} />}
    </div>
  ) : null;
}
