/**
 * What is known of the conversation about an app before anything new is heard: what the library remembers, what runs,
 * and what went wrong in the running app that nobody dismissed or had mended. That waits in this browser tab's own
 * store while the page is loaded anew: the server tells of it only once.
 */

import type { ConversationTurn, JobView } from '../../api';
import { keep, kept } from '../../kept';
import type { StudioServer } from '../server';
import type { Entry, ITroubleEntry } from './thread';

/** What the server knows of the conversation about an app, and of what goes on. */
export interface IRemembered {
  app: string;
  turns: ConversationTurn[];
  jobs: JobView[];
}

export async function recollect(server: StudioServer, app: string): Promise<IRemembered> {
  const [turns, jobs] = await Promise.all([server.conversation(app), server.jobs()]);
  return { app, turns, jobs };
}

/** Keep what still stands of what went wrong in an app. */
export function keepTroubles(app: string, entries: readonly Entry[]): void {
  const standing = entries.filter(entry => entry.kind === 'trouble' && !entry.repair);
  keep(placeOf(app), standing.length ? standing : null);
}

/** What still stands: what went wrong before the app was changed may have gone with that. */
export function keptTroubles({ app, turns }: IRemembered): ITroubleEntry[] {
  const changed = Math.max(0, ...turns.map(turn => Date.parse(turn.at)));
  const troubles = kept<ITroubleEntry[]>(placeOf(app)) ?? [];
  return troubles.filter(trouble => Date.parse(trouble.at) > changed);
}

function placeOf(app: string): string {
  return `troubles:${app}`;
}
