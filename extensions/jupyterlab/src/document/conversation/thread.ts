/**
 * The conversation about an app: what was asked before, what goes on now, and what went wrong while the app ran; pure.
 *
 * Jobs are told apart by their id, so that what the library remembers of a job and the job itself, still running here,
 * are one entry however often both are read.
 */

import type {
  AppFailure,
  ConversationTurn,
  Event,
  JobView,
  Reference
} from '../../api';
import { advance, gathered, unheard, type IJob } from './job';

/** A request with everything that came of it. */
export interface IJobEntry {
  kind: 'job';
  key: string;
  /** ISO 8601, UTC. */
  at: string;
  job: IJob;
  queued: boolean;
  /** What it is one of several answers to; empty for most. */
  group: string;
  /** What it made; null while it has made nothing. */
  revision: number | null;
  /** The current revision does not stand on what this made. */
  undone: boolean;
  /** Why it was interrupted, where no event says so. */
  error: string;
}

/** Something that was done without words, such as a fork. */
export interface INoteEntry {
  kind: 'note';
  key: string;
  at: string;
  action: string;
  text: string;
  revision: number | null;
  undone: boolean;
}

/** Something that went wrong in the running app. */
export interface ITroubleEntry {
  kind: 'trouble';
  key: string;
  at: string;
  failure: AppFailure;
  /** The job that mends it, once one was begun. */
  repair: string;
}

export type Entry = IJobEntry | INoteEntry | ITroubleEntry;

/** The entries of what the library remembers. */
export function remembered(
  turns: readonly ConversationTurn[],
  app: string
): Entry[] {
  return turns.map(turn => {
    if (turn.role === 'harness') {
      return {
        kind: 'note',
        key: `turn-${turn.id}`,
        at: turn.at,
        action: turn.action,
        text: turn.text,
        revision: turn.revision,
        undone: turn.undone
      };
    }
    const id = turn.job ?? '';
    const job = gathered(
      unheard(id, turn.action as JobView['action'], turn.text, app),
      turn.events
    );
    return {
      kind: 'job',
      key: id ? `job-${id}` : `turn-${turn.id}`,
      at: turn.at,
      job: { ...job, doing: { kind: 'ended' } },
      queued: false,
      group: '',
      revision: turn.revision,
      undone: turn.undone,
      error: job.outcome ? '' : turn.error
    };
  });
}

/** What is remembered, with what is known here besides it: running and queued jobs, and troubles. */
export function merged(memory: Entry[], here: readonly Entry[]): Entry[] {
  const own = new Map(here.map(entry => [entry.key, entry]));
  const kept = memory.map(entry => {
    const other = own.get(entry.key);
    own.delete(entry.key);
    // The job as it was heard here knows every event; the library joins them.
    return entry.kind === 'job' && other?.kind === 'job' && other.job.last
      ? { ...entry, job: other.job, group: other.group }
      : entry;
  });
  const rest = [...own.values()].filter(
    entry =>
      entry.kind === 'trouble' ||
      (entry.kind === 'job' && entry.key.startsWith('job-'))
  );
  return sorted([...kept, ...rest]);
}

/** A job of the server's list, not heard yet. */
export function begun(
  view: JobView,
  references: readonly Reference[] = []
): IJobEntry {
  return {
    kind: 'job',
    key: `job-${view.id}`,
    at: view.started,
    job: unheard(
      view.id,
      view.action,
      view.request,
      view.app,
      references
    ),
    queued: view.queued,
    group: view.group ?? '',
    revision: null,
    undone: false,
    error: ''
  };
}

/** The entries with a job that was not there; the same entries if it was. */
export function joined(entries: Entry[], entry: IJobEntry): Entry[] {
  return entries.some(other => other.key === entry.key)
    ? entries
    : sorted([...entries, entry]);
}

/** The entries after some events of one job. */
export function heard(
  entries: Entry[],
  id: string,
  events: readonly Event[]
): Entry[] {
  return changed(entries, id, entry => {
    const job = events.reduce(advance, entry.job);
    const revision =
      job.outcome?.kind === 'finished' ? job.outcome.revision : entry.revision;
    return job === entry.job
      ? entry
      : { ...entry, job, revision, queued: entry.queued && !job.began };
  });
}

/** The entries with one job's entry changed. */
export function changed(
  entries: Entry[],
  id: string,
  change: (entry: IJobEntry) => IJobEntry
): Entry[] {
  return entries.map(entry =>
    entry.kind === 'job' && entry.job.id === id ? change(entry) : entry
  );
}

/** The entries with one more trouble; one that is there already stays one. */
export function troubled(
  entries: Entry[],
  key: string,
  at: string,
  failure: AppFailure
): Entry[] {
  const same = (entry: Entry): entry is ITroubleEntry =>
    entry.kind === 'trouble' &&
    !entry.repair &&
    entry.failure.error === failure.error &&
    (alike(entry.failure.traceback, failure.traceback) ||
      !entry.failure.traceback ||
      !failure.traceback);
  if (entries.some(same)) {
    return entries.map(entry =>
      same(entry)
        ? { ...entry, failure: fuller(entry.failure, failure) }
        : entry
    );
  }
  return [
    ...entries,
    { kind: 'trouble', key, at, failure, repair: '' }
  ];
}

/** Whether two traces are of the same place, in whichever process: names of its files hold its number. */
function alike(one: string, other: string): boolean {
  const bare = (trace: string) => trace.replace(/[0-9a-f]*\d[0-9a-f]*/gi, '');
  return bare(one) === bare(other);
}

/** The page tells of a fault without its trace, the server with it: what both know of it. */
function fuller(one: AppFailure, other: AppFailure): AppFailure {
  return {
    error: one.error,
    traceback: one.traceback || other.traceback,
    inputs: { ...one.inputs, ...other.inputs }
  };
}

/** Ended first, then what runs, then what waits; each in the order it began. */
function sorted(entries: Entry[]): Entry[] {
  const place = (entry: Entry) =>
    entry.kind === 'job' && entry.queued ? 1 : 0;
  return [...entries].sort(
    (one, other) =>
      place(one) - place(other) || Date.parse(one.at) - Date.parse(other.at)
  );
}

/** The job that runs, waiting for an answer or not. */
export function running(entries: readonly Entry[]): IJobEntry | null {
  const found = entries.find(
    entry =>
      entry.kind === 'job' && !entry.queued && entry.job.doing.kind !== 'ended'
  );
  return (found as IJobEntry | undefined) ?? null;
}
