/**
 * The running app in its frame: which page is shown, and what goes back and forth with it.
 *
 * When a revision becomes current, the new page is loaded behind the one that is there. Once it is ready, the old one
 * is asked for what was typed into it until then; the new one is put in its place and filled in, so that nothing jumps
 * and nothing typed is lost where the control still exists.
 */

import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import { told } from '../../request';
import type { StudioServer } from '../server';
import { received, sent, type FromPage, type Inputs, type ToPage } from './bridge';

/** Milliseconds that a page has to say what was typed. */
const ANSWER_TIME = 500;
/** The same for one that was never ready and that another takes the place of. */
const LAST_ANSWER_TIME = 5_000;
/**
 * Milliseconds after which a page that has not said it is ready is shown as it is; and that one which could be used has
 * to say what was typed before another takes its place: it is seen until then, and what it does not say is lost.
 */
const PATIENCE = 20_000;

export type Width = 'full' | 'tablet' | 'phone';

export interface IFrame {
  key: string;
  url: string;
  /** `loading` until the page says it is ready, `shown` once it is what the person sees. */
  state: 'loading' | 'shown';
  /** The page has said that it can be used. */
  ready: boolean;
}

export class PageModel implements IDisposable {
  constructor(private _server: StudioServer) {
    window.addEventListener('message', this._onMessage);
  }

  readonly changed = new Signal<this, void>(this);
  /** What the page says that is not about showing it. */
  readonly said = new Signal<
    this,
    Extract<FromPage, { kind: 'error' | 'pointed' }>
  >(this);

  /** The page that is shown, and behind it the one that takes its place. */
  frames: IFrame[] = [];
  state: 'none' | 'loading' | 'shown' | 'slow' | 'gone' | 'failed' = 'none';
  fault = '';
  pointing = false;
  width: Width = 'full';

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    window.clearTimeout(this._timer);
    window.removeEventListener('message', this._onMessage);
    Signal.clearData(this);
  }

  /** Show an app's page, as it is now. Asked for again while it goes on, it goes on once more. */
  async load(app: string): Promise<void> {
    const run = ++this._run;
    this.state = this.frames.length ? this.state : 'loading';
    this.fault = '';
    this.setPointing(false);
    let url: string;
    try {
      ({ url } = await this._server.page(app));
    } catch (error) {
      if (run === this._run && !this._disposed) {
        this.state = 'failed';
        this.fault = told(error);
        this._tell();
      }
      return;
    }
    if (run !== this._run || this._disposed) {
      return;
    }
    const shown = this.frames.find(frame => frame.state === 'shown');
    this.frames = [
      ...(shown ? [shown] : []),
      { key: `frame-${run}`, url, state: 'loading', ready: false }
    ];
    this.state = 'loading';
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this._bring(), PATIENCE);
    this._tell();
  }

  /** No page: the app has none, or it is not shown. */
  clear(): void {
    this._run++;
    window.clearTimeout(this._timer);
    this.frames = [];
    this.state = 'none';
    this._tell();
  }

  /** The frame's element, or null when it is taken away. */
  attach(key: string, element: HTMLIFrameElement | null): void {
    if (element) {
      this._elements.set(key, element);
    } else {
      this._elements.delete(key);
    }
  }

  setPointing(on: boolean): void {
    if (this.pointing !== on) {
      this.pointing = on;
      this._post({ kind: 'point', on });
      this._tell();
    }
  }

  setWidth(width: Width): void {
    this.width = width;
    this._tell();
  }

  setDark(dark: boolean): void {
    this._dark = dark;
    this._post({ kind: 'theme', dark });
  }

  /** What is typed into the page now; nothing when it does not say. */
  async typed(): Promise<Inputs> {
    return (await this._asked(ANSWER_TIME)) ?? {};
  }

  /** What the page says is typed into it, also one whose process is gone; null when it says nothing in time. */
  private _asked(patience: number): Promise<Inputs | null> {
    if (!this._shown) {
      return Promise.resolve(null);
    }
    return new Promise(resolve => {
      const timer = window.setTimeout(() => resolve(null), patience);
      this._waiting.push(values => {
        window.clearTimeout(timer);
        resolve(values);
      });
      this._post({ kind: 'values' });
    });
  }

  private _onMessage = (event: MessageEvent): void => {
    const key = [...this._elements].find(
      ([, element]) => element.contentWindow === event.source
    )?.[0];
    const message = key && received(event.data);
    const frame = this.frames.find(frame => frame.key === key);
    if (!message || !frame) {
      return;
    }
    if (message.kind === 'ready') {
      frame.ready = true;
      if (frame.state === 'loading') {
        void this._bring();
      } else {
        this._greet(); // It came late, or was started again.
        this.state = 'shown';
        this._tell();
      }
      return;
    }
    if (frame.state !== 'shown') {
      return; // Nobody has touched it yet.
    }
    if (message.kind === 'values') {
      const waiting = this._waiting;
      this._waiting = [];
      waiting.forEach(take => take(message.values));
    } else if (message.kind === 'pointed') {
      if (!this.pointing) {
        return; // Nobody asked the page: it has no words to put in, and no say in where the cursor is.
      }
      this.setPointing(false);
      if (message.model || message.label) {
        this.said.emit(message); // It says nothing when the person left the pointing.
      }
    } else if (message.kind === 'error') {
      this.said.emit(message);
    } else if (message.kind === 'gone') {
      this.state = 'gone';
      this._tell();
    }
  };

  /** Put the page that was loading in front, with what was typed into the one that was there. */
  private async _bring(): Promise<void> {
    const run = this._run;
    window.clearTimeout(this._timer);
    const used = this.frames.some(
      frame => frame.state === 'shown' && frame.ready
    );
    const typed = await this._asked(used ? PATIENCE : LAST_ANSWER_TIME);
    const loading = this.frames.find(frame => frame.state === 'loading');
    if (!loading || run !== this._run || this._disposed) {
      return;
    }
    this._fill = typed ?? this._fill;
    this.frames = [{ ...loading, state: 'shown' }];
    this.state = loading.ready ? 'shown' : 'slow';
    this._tell();
    if (loading.ready) {
      this._greet();
    }
  }

  private _greet(): void {
    if (this._dark !== null) {
      this._post({ kind: 'theme', dark: this._dark });
    }
    if (this.pointing) {
      this._post({ kind: 'point', on: true });
    }
    if (Object.keys(this._fill).length) {
      this._post({ kind: 'fill', values: this._fill });
      this._fill = {};
    }
  }

  private get _shown(): Window | null {
    const frame = this.frames.find(frame => frame.state === 'shown');
    return (frame && this._elements.get(frame.key)?.contentWindow) ?? null;
  }

  private _post(message: ToPage): void {
    // The page has an opaque origin, which no target origin names; only this window gets the message.
    this._shown?.postMessage(sent(message), '*');
  }

  private _tell(): void {
    if (!this._disposed) {
      this.changed.emit();
    }
  }

  private _elements = new Map<string, HTMLIFrameElement>();
  private _waiting: ((values: Inputs) => void)[] = [];
  private _fill: Inputs = {};
  private _dark: boolean | null = null;
  private _run = 0;
  private _timer: number | undefined;
  private _disposed = false;
}
