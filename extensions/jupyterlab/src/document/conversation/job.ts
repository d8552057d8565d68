/**
 * A job's events gathered into what a conversation shows: pure, so that a reload that replays the stream draws the
 * same thing, and an event that comes twice changes nothing.
 *
 * Each item keeps its identity as it grows, and only the item an event is about is replaced, so that a list of a
 * thousand items redraws one of them.
 */

import type {
  Event,
  Failed,
  Finished,
  JobView,
  LayerResult,
  Permissions,
  Reference,
  Report,
  Text,
  Used,
  Wrote
} from '../../api';

interface IItem {
  /** Stable name of the item within its job. */
  key: string;
}

export interface ISaid extends IItem {
  kind: 'said';
  turn: number;
  text: string;
  thought: boolean;
  /** The turn was cut off and tried again. */
  cut: boolean;
}

export interface ITold extends IItem {
  kind: 'told';
  file: string;
  text: string;
}

/** Cells written one after the other. */
export interface IWritten extends IItem {
  kind: 'written';
  cells: Wrote[];
}

export interface ICheck extends IItem {
  kind: 'check';
  round: number;
  layers: LayerResult[];
  /** The whole report, once the check has ended. */
  report: Report | null;
}

export interface IQuestion extends IItem {
  kind: 'question';
  question: string;
  text: string;
  options: string[];
  permissions: Permissions | null;
  /** Why the app asks for permissions, in its own words. */
  reason: string;
  /** Null while it is open. */
  answer: string | null;
  /** The job ended before it was answered. */
  lapsed: boolean;
}

export interface IRetry extends IItem {
  kind: 'retry';
  what: string;
  /** Seconds. */
  delay: number;
}

export type Item = ISaid | ITold | IWritten | ICheck | IQuestion | IRetry;

/** What a job is doing right now. */
export type Doing =
  | { kind: 'starting' | 'thinking' | 'working' | 'repairing' | 'finishing' }
  | { kind: 'writing'; tool: string; characters: number }
  | { kind: 'checking'; round: number; layers: number }
  | { kind: 'waiting' }
  | { kind: 'retrying'; delay: number }
  | { kind: 'ended' };

export interface IJob {
  id: string;
  action: JobView['action'];
  app: string;
  request: string;
  /** Parts of the app that the request is about. */
  references: readonly Reference[];
  maker: string;
  note: string;
  /** ISO 8601, UTC; empty until the job has said that it began. */
  began: string;
  /** Number of the last event taken in. */
  last: number;
  items: Item[];
  doing: Doing;
  used: Used | null;
  outcome: Finished | Failed | null;
}

/** A job of which nothing is known yet. */
export function unheard(
  id: string,
  action: JobView['action'] = 'make',
  request = '',
  app = '',
  references: readonly Reference[] = []
): IJob {
  return {
    id,
    action,
    app,
    request,
    references,
    maker: '',
    note: '',
    began: '',
    last: 0,
    items: [],
    doing: { kind: 'starting' },
    used: null,
    outcome: null
  };
}

/** The question the job waits for, or null. */
export function open(job: IJob): IQuestion | null {
  const item = job.items.find(
    item => item.kind === 'question' && item.answer === null && !item.lapsed
  );
  return (item as IQuestion | undefined) ?? null;
}

/** The number of repair rounds so far. */
export function repairs(job: IJob): number {
  const rounds = job.items.map(item => (item.kind === 'check' ? item.round : 0));
  return Math.max(0, ...rounds.map(round => round - 1));
}

/** The job after one more event; the very same value if the event was taken in before. */
export function advance(job: IJob, event: Event): IJob {
  if (event.number && event.number <= job.last) {
    return job;
  }
  return { ...taken(job, event), last: Math.max(job.last, event.number) };
}

/** The job after many events. */
export function gathered(job: IJob, events: readonly Event[]): IJob {
  return events.reduce(advance, job);
}

function taken(job: IJob, event: Event): IJob {
  switch (event.kind) {
    case 'started':
      return {
        ...job,
        id: event.job,
        action: event.action,
        app: event.app || job.app,
        request: event.request,
        references: event.references ?? job.references,
        maker: event.maker,
        note: event.note,
        began: event.at ?? '',
        doing: {
          kind: event.maker.startsWith('model') ? 'thinking' : 'working'
        }
      };
    case 'told':
      return added(job, {
        kind: 'told',
        key: `told-${event.number}`,
        file: event.file,
        text: event.text
      });
    case 'text':
      return { ...said(job, event), doing: { kind: 'thinking' } };
    case 'writing':
      return {
        ...job,
        doing: {
          kind: 'writing',
          tool: event.tool,
          characters: event.characters
        }
      };
    case 'wrote':
      return written(job, event);
    case 'checking':
      return {
        ...added(job, {
          kind: 'check',
          key: `check-${event.number}`,
          round: event.round,
          layers: [],
          report: null
        }),
        doing: { kind: 'checking', round: event.round, layers: 0 }
      };
    case 'checked_layer':
      return changedCheck(job, event.round, check => {
        const layers = [...check.layers, event.result];
        return { ...check, layers };
      });
    case 'checked':
      return {
        ...changedCheck(job, event.round, check => ({
          ...check,
          report: event.report,
          layers: event.report.layers
        })),
        doing: {
          kind: event.report.layers.some(layer => layer.status === 'failed')
            ? 'repairing'
            : 'finishing'
        }
      };
    case 'asked':
      return {
        ...added(job, {
          kind: 'question',
          key: `question-${event.question}`,
          question: event.question,
          text: event.text,
          options: event.options,
          permissions: event.permissions,
          reason: event.reason ?? '',
          answer: null,
          lapsed: false
        }),
        doing: { kind: 'waiting' }
      };
    case 'answered':
      return {
        ...job,
        items: job.items.map(item =>
          item.kind === 'question' && item.question === event.question
            ? { ...item, answer: event.answer }
            : item
        ),
        doing: { kind: 'working' }
      };
    case 'retrying':
      return {
        ...added(cut(job), {
          kind: 'retry',
          key: `retry-${event.number}`,
          what: event.what,
          delay: event.delay
        }),
        doing: { kind: 'retrying', delay: event.delay }
      };
    case 'used':
      return { ...job, used: event };
    case 'finished':
    case 'failed':
      return {
        ...job,
        app: event.app || job.app,
        items: job.items.map(item =>
          item.kind === 'question' && item.answer === null
            ? { ...item, lapsed: true }
            : item
        ),
        outcome: event,
        doing: { kind: 'ended' }
      };
    default:
      return job; // A kind that a newer server knows: nothing to show of it.
  }
}

function added(job: IJob, item: Item): IJob {
  return { ...job, items: [...job.items, item] };
}

function replaced(job: IJob, at: number, item: Item): IJob {
  const items = job.items.slice();
  items[at] = item;
  return { ...job, items };
}

function said(job: IJob, event: Text): IJob {
  const at = job.items.length - 1;
  const item = job.items[at];
  if (
    item?.kind === 'said' &&
    item.turn === event.turn &&
    item.thought === event.thought
  ) {
    return replaced(job, at, { ...item, text: item.text + event.text });
  }
  return added(job, {
    kind: 'said',
    key: `said-${event.number}`,
    turn: event.turn,
    text: event.text,
    thought: event.thought,
    cut: false
  });
}

function written(job: IJob, event: Wrote): IJob {
  const at = job.items.length - 1;
  const item = job.items[at];
  const next =
    item?.kind === 'written'
      ? replaced(job, at, { ...item, cells: [...item.cells, event] })
      : added(job, {
          kind: 'written',
          key: `written-${event.number}`,
          cells: [event]
        });
  return { ...next, doing: { kind: 'working' } };
}

function changedCheck(
  job: IJob,
  round: number,
  change: (check: ICheck) => ICheck
): IJob {
  for (let at = job.items.length - 1; at >= 0; at--) {
    const item = job.items[at];
    if (item.kind === 'check' && item.round === round) {
      const check = change(item);
      const doing: Doing = {
        kind: 'checking',
        round,
        layers: check.layers.length
      };
      return { ...replaced(job, at, check), doing };
    }
  }
  return job;
}

/** What was said since anything else happened belongs to the turn that is tried again. */
function cut(job: IJob): IJob {
  let from = job.items.length;
  while (from > 0 && job.items[from - 1].kind === 'said') {
    from--;
  }
  if (from === job.items.length) {
    return job;
  }
  const turn = Math.max(
    ...job.items.slice(from).map(item => (item as ISaid).turn)
  );
  const items = job.items.map((item, at) =>
    at >= from && item.kind === 'said' && item.turn === turn
      ? { ...item, cut: true }
      : item
  );
  return { ...job, items };
}
