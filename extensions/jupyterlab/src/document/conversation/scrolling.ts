/**
 * Keeps the newest in sight while the reader is at the end, and leaves them in peace where they have scrolled back.
 */

import * as React from 'react';

/** Pixels from the end within which a reader counts as being there. */
const NEAR = 32;

export interface IScrolling {
  /** For the element that scrolls. */
  ref: React.RefObject<HTMLDivElement>;
  /** For what grows in it. */
  contentRef: React.RefObject<HTMLDivElement>;
  /** Whether the reader is somewhere above the end. */
  away: boolean;
  toEnd: () => void;
}

export function useScrolling(): IScrolling {
  const ref = React.useRef<HTMLDivElement>(null);
  const contentRef = React.useRef<HTMLDivElement>(null);
  const follows = React.useRef(true);
  const [away, setAway] = React.useState(false);

  const toEnd = React.useCallback(() => {
    follows.current = true;
    setAway(false);
    if (ref.current) {
      ref.current.scrollTop = ref.current.scrollHeight;
    }
  }, []);

  React.useEffect(() => {
    const outer = ref.current;
    const content = contentRef.current;
    if (!outer || !content) {
      return;
    }
    let last = outer.scrollTop;
    const onScroll = () => {
      const left = outer.scrollHeight - outer.clientHeight - outer.scrollTop;
      // Only a move upwards is the reader's wish: what grows below them also takes the end away.
      if (left <= NEAR) {
        follows.current = true;
      } else if (outer.scrollTop < last) {
        follows.current = false;
      }
      last = outer.scrollTop;
      setAway(!follows.current);
    };
    const observer = new ResizeObserver(() => {
      if (follows.current) {
        outer.scrollTop = outer.scrollHeight;
      }
    });
    outer.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(content);
    observer.observe(outer);
    return () => {
      outer.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, []);

  return { ref, contentRef, away, toEnd };
}
