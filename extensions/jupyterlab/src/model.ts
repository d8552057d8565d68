/**
 * The studio as it is now: what it can do, its apps and its jobs, kept so by the library's stream.
 *
 * News say what is not as it was; what they concern is read anew, at most once in a moment.
 */

import type { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { AppCard, JobView, News, StudioStatus } from './api';
import { Reading } from './reading';
import { Refused, request } from './request';
import { EventStream } from './stream';

/** Milliseconds in which news are taken together. */
const MOMENT = 150;

/** Whether the server answers: `absent` is a server without our extension, `failing` one that answers with a fault. */
export type Connection = 'loading' | 'ready' | 'absent' | 'failing';

type Part = 'status' | 'apps' | 'jobs';
const PARTS: readonly Part[] = ['status', 'apps', 'jobs'];

export class StudioModel implements IDisposable {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  /** Anything that is shown is not as it was. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The library's stream, as it comes. */
  get news(): ISignal<this, News> {
    return this._news;
  }

  connection: Connection = 'loading';
  /** Why the server does not do what it should. */
  fault: Refused | null = null;
  /** The stream is broken for now: what is here may be old. */
  lost = false;
  status: StudioStatus | null = null;
  /** Newest first. */
  apps: readonly AppCard[] = [];
  /** Those that run, wait or ended lately; newest first. */
  jobs: readonly JobView[] = [];

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._stream?.dispose();
    window.clearTimeout(this._timer);
    Signal.clearData(this);
  }

  app(name: string): AppCard | null {
    return this.apps.find(app => app.name === name) ?? null;
  }

  /** The same where it may have been made a moment ago, or nothing has been read yet. */
  async found(name: string): Promise<AppCard | null> {
    if (!this.app(name)) {
      await this.refresh(this.connection === 'loading' ? PARTS : ['apps']);
    }
    return this.app(name);
  }

  /** Read everything, and follow what happens from then on. */
  async start(): Promise<void> {
    await this.refresh();
    if (this.connection === 'ready' && !this._stream && !this._disposed) {
      this._stream = new EventStream<News>({
        serverSettings: this.serverSettings,
        path: 'events',
        onEvent: news => this._hear(news),
        // What happened between the first reading and now: whoever shows something reads it again.
        onNow: () => this._hear(anew()),
        isAnew: news => news.kind === 'reset',
        onConnection: connected => this._connected(connected),
        endless: true
      });
    }
  }

  /** Read these parts anew, all of them when none is named; what was asked before no longer counts. */
  refresh(parts: readonly Part[] = PARTS): Promise<void> {
    return this._read(parts, part => this._readings[part].readAnew());
  }

  private async _read(
    parts: readonly Part[],
    read: (part: Part) => Promise<void>
  ): Promise<void> {
    await Promise.all(
      parts.map(part =>
        read(part).then(
          () => void this._faults.delete(part),
          (error: unknown) => void this._faults.set(part, refusal(error))
        )
      )
    );
    [this.fault = null] = this._faults.values();
    this.connection =
      this.fault === null ? 'ready' : this.fault.status === 404 ? 'absent' : 'failing';
    this._tell();
  }

  private _hear(news: News): void {
    this._news.emit(news);
    const parts: Record<News['kind'], readonly Part[]> = {
      app: ['apps'],
      job: ['jobs', 'apps'],
      status: ['status'],
      reset: PARTS,
      notice: []
    };
    for (const part of parts[news.kind]) {
      this._stale.add(part);
    }
    if (this._stale.size) {
      this._timer ??= window.setTimeout(() => {
        this._timer = undefined;
        const stale = [...this._stale];
        this._stale.clear();
        void this._read(stale, part => this._readings[part].read());
      }, MOMENT);
    }
  }

  private _connected(connected: boolean): void {
    if (this.lost === connected) {
      this.lost = !connected;
      this._tell();
      if (connected) {
        void this.refresh();
      }
    }
  }

  private _tell(): void {
    if (!this._disposed) {
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _news = new Signal<this, News>(this);
  private _readings = {
    status: new Reading<StudioStatus>(
      () => request(this.serverSettings, 'GET', 'status'),
      answer => (this.status = answer)
    ),
    apps: new Reading<AppCard[]>(
      () => request(this.serverSettings, 'GET', 'apps'),
      answer => (this.apps = answer)
    ),
    jobs: new Reading<JobView[]>(
      () => request(this.serverSettings, 'GET', 'jobs'),
      answer => (this.jobs = answer)
    )
  };
  /** Why a part could not be read when it was read last. */
  private _faults = new Map<Part, Refused>();
  private _stream: EventStream<News> | null = null;
  private _stale = new Set<Part>();
  private _timer: number | undefined;
  private _disposed = false;
}

function anew(): News {
  return { kind: 'reset', number: 0, at: null };
}

function refusal(error: unknown): Refused {
  return error instanceof Refused ? error : new Refused(0, 'Error', String(error), '');
}
