/** The line between conversation and app, moved by the mouse, a finger or the arrow keys. */

import * as React from 'react';

import { useTrans } from './react';

/** Shares of the width, in per cent. */
const LEAST = 25;
const MOST = 65;
const STEP = 2;

export function Splitter(props: {
  /** Share of what is left of it. */
  share: number;
  onMove: (share: number) => void;
}): React.JSX.Element {
  const trans = useTrans();
  const move = (share: number) =>
    props.onMove(Math.min(MOST, Math.max(LEAST, share)));
  return (
    <div
      className="jp-MicroappsSplitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={trans.__('Width of the conversation')}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={Math.round(props.share)}
      onKeyDown={event => {
        const steps: Record<string, number> = {
          ArrowLeft: props.share - STEP,
          ArrowRight: props.share + STEP,
          Home: LEAST,
          End: MOST
        };
        if (event.key in steps) {
          event.preventDefault();
          move(steps[event.key]);
        }
      }}
      onPointerDown={event => {
        event.preventDefault();
        event.currentTarget.focus();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={event => {
        const line = event.currentTarget;
        const area = line.parentElement?.getBoundingClientRect();
        if (area && line.hasPointerCapture(event.pointerId)) {
          move(((event.clientX - area.left) / area.width) * 100);
        }
      }}
    />
  );
}
