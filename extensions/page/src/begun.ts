/**
 * What goes over: from the cover to the app's page, and from what answers in a drawn page to the client. Messages are
 * kept as the frames that they are, which can be handed from one window to another.
 */

import type { JSONObject } from '@lumino/coreutils';
import type { Done } from './doing';
import type { Selection } from './hands';
import type { Chosen, Place } from './places';

export type Frame = string | ArrayBuffer;

/** A message that was made here, and whether it has gone out by the connection that there is now. */
export interface Said {
  id: string;
  frame: Frame;
  out: boolean;
}

/** What was said so far. */
export interface Told {
  /** The process that was joined, as `Welcome` names it; empty for none. */
  visitor: string;
  /** The number of the last message of the process that was heard. */
  seen: number;
  /** What the process said, oldest first. */
  frames: readonly Frame[];
  /** Messages so far, oldest first, and which of them are not answered. */
  said: readonly Said[];
  unanswered: readonly string[];
}

/** What has happened so far: what the client takes over, and what a cover hands over to the page. */
export interface Begun extends Told {
  /** What was set in the page, in order. */
  set: readonly (readonly [model: string, state: JSONObject])[];
  /** What of the widgets' states is different now from what the page was drawn from. */
  states: ReadonlyMap<string, JSONObject>;
  /** Widgets of which the app has set more than that. */
  other: readonly string[];
  /** When that was done which is waited for (`Date.now()`); 0 where nothing is. */
  since: number;
}

/** Something done to the cover, that is to be done to the page. */
export interface Act {
  type: Done['type'] | 'change';
  at: Place;
  key?: string;
  x?: number;
  y?: number;
  /** What is in the field: its text, whether it is ticked, which of its options are chosen. */
  value?: string;
  checked?: boolean;
  options?: Chosen[];
}

/**
 * What the page is told once it says that it is drawn: what has happened so far, which it shows while it is not seen yet,
 * and in the end all of it.
 */
export interface Handed {
  microapps: 1;
  kind: 'so far' | 'done';
  /** What happened with the process that was joined from here; null where none was. */
  begun: Begun | null;
  acts: Act[];
  focus: ({ at: Place | null } & Selection) | null;
  scrollY: number;
}
