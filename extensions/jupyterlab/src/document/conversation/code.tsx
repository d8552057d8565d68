/** Code, and what changed in it: signs and words carry the meaning, colour only helps. */

import * as React from 'react';

import { useTrans } from '../react';
import { parseDiff, type Sign } from './diff';

export function DiffView(props: { diff: string }): React.JSX.Element {
  const trans = useTrans();
  const { hunks } = React.useMemo(() => parseDiff(props.diff), [props.diff]);
  const words: Record<Sign, string> = {
    '+': trans.__('added:'),
    '-': trans.__('removed:'),
    ' ': ''
  };
  const classes: Record<Sign, string> = {
    '+': ' jp-mod-added',
    '-': ' jp-mod-removed',
    ' ': ''
  };
  return (
    <div
      className="jp-MicroappsDiff"
      tabIndex={0}
      role="group"
      aria-label={trans.__('What changed in the code')}
    >
      {hunks.map((hunk, at) => (
        <div key={at} className="jp-MicroappsDiff-hunk">
          {hunk.lines.map((line, number) => (
            <div
              key={number}
              className={`jp-MicroappsDiff-line${classes[line.sign]}`}
            >
              <span className="jp-MicroappsDiff-number" aria-hidden="true">
                {line.new ?? line.old}
              </span>
              <span className="jp-MicroappsDiff-sign" aria-hidden="true">
                {line.sign === '-' ? '−' : line.sign}
              </span>
              {words[line.sign] && (
                <span className="jp-Microapps-hidden">
                  {words[line.sign]}
                </span>
              )}
              <code>{line.text}</code>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** How many lines were added and removed, as text. */
export function DiffSize(props: { diff: string }): React.JSX.Element | null {
  const trans = useTrans();
  const { added, removed } = React.useMemo(
    () => parseDiff(props.diff),
    [props.diff]
  );
  if (!added && !removed) {
    return null;
  }
  return (
    <span
      className="jp-MicroappsDiff-size"
      aria-label={[
        trans._n('%1 line added', '%1 lines added', added),
        trans._n('%1 line removed', '%1 lines removed', removed)
      ].join(', ')}
      role="img"
    >
      {added > 0 && <span className="jp-mod-added">+{added}</span>}
      {removed > 0 && <span className="jp-mod-removed">−{removed}</span>}
    </span>
  );
}

/** Something long that is folded away until it is wanted; what is inside is drawn only then. */
export function Fold(props: {
  summary: React.ReactNode;
  className?: string;
  open?: boolean;
  children: React.ReactNode | (() => React.ReactNode);
}): React.JSX.Element {
  const [open, setOpen] = React.useState(!!props.open);
  const [drawn, setDrawn] = React.useState(!!props.open);
  return (
    <details
      className={`jp-MicroappsFold ${props.className ?? ''}`}
      open={open}
      onToggle={event => {
        setOpen(event.currentTarget.open);
        setDrawn(drawn || event.currentTarget.open);
      }}
    >
      <summary>{props.summary}</summary>
      {drawn &&
        (typeof props.children === 'function'
          ? props.children()
          : props.children)}
    </details>
  );
}
