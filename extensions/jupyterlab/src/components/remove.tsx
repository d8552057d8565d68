/** The cross that takes away what it stands beside. */

import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export function Remove(props: {
  /** What it takes away, for who does not see where it stands. */
  label: string;
  onClick: () => void;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="jp-MicroappsChip-remove"
      aria-label={props.label}
      onClick={props.onClick}
    >
      <closeIcon.react tag="span" />
    </button>
  );
}
