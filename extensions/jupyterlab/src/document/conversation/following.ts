/**
 * Follows jobs as they run. Events come faster than a page is worth drawing again, so those of a moment are taken in
 * together.
 */

import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import type { Event } from '../../api';
import { EventStream } from '../../stream';

/** Milliseconds of events that are drawn at once. */
const MOMENT = 40;

export interface IFollowingOptions {
  serverSettings: ServerConnection.ISettings;
  /** Events of one job, each once and in order. */
  onEvents: (job: string, events: readonly Event[]) => void;
  /** What came of a moment is all told. */
  onMoment: () => void;
  onConnection: (connected: boolean) => void;
  /** There will be no more events of this job; the status is the server's answer. */
  onEnd: (job: string, status: number) => void;
}

export class Following implements IDisposable {
  constructor(private _options: IFollowingOptions) {}

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    for (const stream of this._streams.values()) {
      stream.dispose();
    }
    this._streams.clear();
    window.clearTimeout(this._timer);
  }

  has(job: string): boolean {
    return this._streams.has(job);
  }

  /** Follow a job of which the events up to this number are known; harmless to repeat. */
  follow(job: string, after: number): void {
    if (this._streams.has(job)) {
      return;
    }
    const stream = new EventStream<Event>({
      serverSettings: this._options.serverSettings,
      path: `jobs/${encodeURIComponent(job)}/events`,
      after,
      onEvent: event => this._hear(job, event),
      onConnection: this._options.onConnection,
      onEnd: status => {
        this.flush();
        this.leave(job);
        this._options.onEnd(job, status);
      }
    });
    this._streams.set(job, stream);
  }

  leave(job: string): void {
    this._streams.get(job)?.dispose();
    this._streams.delete(job);
  }

  /** Tell now what was heard. */
  flush(): void {
    window.clearTimeout(this._timer);
    this._timer = undefined;
    const pending = this._pending;
    this._pending = new Map();
    for (const [job, events] of pending) {
      this._options.onEvents(job, events);
    }
    if (pending.size) {
      this._options.onMoment();
    }
  }

  private _hear(job: string, event: Event): void {
    const events = this._pending.get(job);
    if (events) {
      events.push(event);
    } else {
      this._pending.set(job, [event]);
    }
    this._timer ??= window.setTimeout(() => this.flush(), MOMENT);
  }

  private _streams = new Map<string, EventStream<Event>>();
  private _pending = new Map<string, Event[]>();
  private _timer: number | undefined;
  private _disposed = false;
}
