/**
 * A stream of numbered events from the server that survives whatever breaks it: it asks again for those after the last
 * one it saw, so that nothing is lost and nothing comes twice.
 *
 * A browser keeps few connections to one server (six, over HTTP/1.1), and all of JupyterLab has to share them, in all
 * of its windows: with all six held, none of them could as much as be loaded anew. So only some streams stay open; the
 * others look in for a moment, every second. A stream of a page that nobody sees is closed until somebody does.
 */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import { FrameReader, type IFrame } from './frames';
import { language } from './words';

/** Streams that stay open, of all windows together. */
const HELD_OPEN = 3;
/** Streams that one page keeps open where it cannot learn of the others: browsers tell it by HTTPS or on localhost. */
const HELD_ALONE = 2;
/** Milliseconds without anything new after which a stream that only looks in goes away. */
const LOOK = 300;
const BETWEEN_LOOKS = 1_000;
/** The server sends a beat every 15 s; a connection that is silent for longer than this is dead. */
const SILENCE = 40_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

export interface IStreamOptions<T> {
  serverSettings: ServerConnection.ISettings;
  /** Below the API's address, such as `jobs/ID/events`. */
  path: string;
  /** Events up to this number are known; without it, those from now on are told. */
  after?: number;
  /** Where "now" is has been told: what is read from then on misses nothing. */
  onNow?: () => void;
  /** Whether an event says that numbers begin anew, as those of a server that was started anew. */
  isAnew?: (event: T) => boolean;
  /** Each event once, in order. */
  onEvent: (event: T) => void;
  /** Whether events come now, or the connection is lost and tried again. */
  onConnection?: (connected: boolean) => void;
  /** There will be no more: the stream has ended, or (status 404) the server has none of that name. */
  onEnd?: (status: number) => void;
  /** It never ends: where the server ends it, as before it starts anew, it is asked for again. */
  endless?: boolean;
}

type Ending = 'end' | 'look' | 'hidden' | 'lost';

export class EventStream<T extends { number: number }> implements IDisposable {
  constructor(private _options: IStreamOptions<T>) {
    this._after = _options.after ?? null;
    void this._run();
  }

  get isDisposed(): boolean {
    return this._disposed.signal.aborted;
  }

  dispose(): void {
    this._disposed.abort();
  }

  private async _run(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.isDisposed) {
      await seen(this._disposed.signal);
      if (this.isDisposed) {
        return;
      }
      this._reached = false;
      const ending = await this._connect();
      if (ending === 'end' || this.isDisposed) {
        return;
      }
      if (ending === 'look' || ending === 'hidden') {
        pause = FIRST_PAUSE;
        await rested(
          ending === 'look' ? BETWEEN_LOOKS : 0,
          this._disposed.signal
        );
        continue;
      }
      this._options.onConnection?.(false);
      pause = this._reached ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      await rested(pause, this._disposed.signal);
    }
  }

  private async _connect(): Promise<Ending> {
    const { serverSettings, path } = this._options;
    const leave = await place();
    if (this.isDisposed) {
      leave?.();
      return 'end';
    }
    const held = leave !== null;
    const connection = new AbortController();
    const close = () => connection.abort();
    const hide = () => {
      if (document.hidden) {
        ending = 'hidden';
        close();
      }
    };
    let ending: Ending = 'lost';
    let timer = 0;
    const wait = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(
        () => {
          ending = held ? 'lost' : 'look';
          close();
        },
        held ? SILENCE : LOOK
      );
    };
    this._disposed.signal.addEventListener('abort', close);
    document.addEventListener('visibilitychange', hide);
    try {
      const url = URLExt.join(serverSettings.baseUrl, 'microapps/api', path);
      const response = await ServerConnection.makeRequest(
        this._after === null ? url : `${url}?after=${this._after}`,
        {
          headers: { Accept: 'text/event-stream', 'Accept-Language': language() },
          signal: connection.signal
        },
        serverSettings
      );
      if (!response.ok || !response.body) {
        // A sign-in that is over, or a proxy whose server is away, says nothing about what is followed.
        return response.status === 404 ? this._end(404) : 'lost';
      }
      this._reached = true;
      this._options.onConnection?.(true);
      wait();
      return (await this._read(response.body, wait)) ?? ending;
    } catch {
      return ending; // Whatever broke the connection, the remedy is the same: ask again.
    } finally {
      window.clearTimeout(timer);
      leave?.();
      this._disposed.signal.removeEventListener('abort', close);
      document.removeEventListener('visibilitychange', hide);
    }
  }

  private async _read(
    body: ReadableStream<Uint8Array>,
    wait: () => void
  ): Promise<Ending | null> {
    const frames = new FrameReader();
    const text = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return null;
      }
      wait();
      for (const frame of frames.push(text.decode(value, { stream: true }))) {
        if (this.isDisposed) {
          return 'end';
        }
        if (frame.event === 'end') {
          return this._end(200);
        }
        if (frame.event === 'now') {
          this._after = Number(frame.id);
          this._options.onNow?.();
        } else {
          this._take(frame);
        }
      }
    }
  }

  private _end(status: number): Ending {
    if (this._options.endless) {
      return 'lost';
    }
    this._options.onEnd?.(status);
    return 'end';
  }

  private _take(frame: IFrame): void {
    const event = JSON.parse(frame.data) as T;
    const number = Number(frame.id || event.number);
    if (number > (this._after ?? 0) || this._options.isAnew?.(event)) {
      this._after = number;
      this._options.onEvent(event);
    }
  }

  private _after: number | null;
  private _reached = false;
  private _disposed = new AbortController();
}

let alone = 0;

/** A place among the streams that stay open, with what gives it back; null where all are taken. */
async function place(): Promise<(() => void) | null> {
  if (!('locks' in navigator)) {
    if (alone >= HELD_ALONE) {
      return null;
    }
    alone++;
    return () => void alone--;
  }
  for (let number = 0; number < HELD_OPEN; number++) {
    const leave = await locked(`jupyterlab-microapps:stream-${number}`);
    if (leave) {
      return leave;
    }
  }
  return null;
}

/** Hold a lock that all windows know, if nobody does; the browser gives back what a page held that is gone. */
function locked(name: string): Promise<(() => void) | null> {
  return new Promise(resolve => {
    navigator.locks
      .request(name, { ifAvailable: true }, lock =>
        lock ? new Promise<void>(leave => resolve(leave)) : resolve(null)
      )
      .catch(() => resolve(null)); // Refused here: then it only looks in.
  });
}

/** Resolves when somebody sees the page, or the signal is given. */
function seen(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const look = () => {
      if (!document.hidden || signal.aborted) {
        document.removeEventListener('visibilitychange', look);
        signal.removeEventListener('abort', look);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}

function rested(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = window.setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
