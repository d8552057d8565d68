/**
 * What goes wrong in the running app is told twice: by its page, which knows what was typed, and by the server, which
 * knows the error and its trace. Whichever comes first, they become one failure.
 *
 * A failure that only the server tells may be another visitor's: then nothing is known of what was typed. One that
 * only the page tells is shown after a while, in the page's own words.
 */

import type { IDisposable } from '@lumino/disposable';

import type { AppFailure, NoticeNews } from '../../api';
import type { Inputs } from './bridge';
import type { PageModel } from './model';

/** Milliseconds within which the page and the server tell of the same. */
const TOGETHER = 3_000;

/** What no change of the app would mend: the machine's lack of a kernel, or of places for visitors. */
const NOT_THE_APP = new Set(['busy', 'kernel_missing']);

export class Failures implements IDisposable {
  constructor(
    private _page: PageModel,
    /** Called again with the same error when more is known of it. */
    private _tell: (failure: AppFailure) => void,
    /** For a page that does not say what failed. */
    private _words: string
  ) {}

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    window.clearTimeout(this._timer);
  }

  /** The page says that something failed; it is asked for what was typed, now. */
  async onPage(error: string, traceback: string): Promise<void> {
    const inputs = written(await this._page.typed());
    if (this._disposed) {
      return;
    }
    if (this._noticed && Date.now() - this._noticed.at < TOGETHER) {
      this._tell({ ...this._noticed.failure, inputs });
      return;
    }
    this._inputs = { at: Date.now(), inputs };
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(
      () => this._tell({ error: error || this._words, traceback, inputs }),
      TOGETHER
    );
  }

  /** The server says what failed. */
  onNotice(news: NoticeNews): void {
    if (NOT_THE_APP.has(news.notice)) {
      return;
    }
    window.clearTimeout(this._timer);
    const { error, traceback } = news;
    const said = this._inputs;
    const known = said && Date.now() - said.at < TOGETHER ? said.inputs : {};
    const failure = { error, traceback, inputs: { ...known, ...news.inputs } };
    this._noticed = { at: Date.now(), failure };
    this._tell(failure);
  }

  private _noticed: { at: number; failure: AppFailure } | null = null;
  private _inputs: { at: number; inputs: Record<string, string> } | null = null;
  private _timer: number | undefined;
  private _disposed = false;
}

/** What was typed, as a person would write it. */
function written(inputs: Inputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([label, value]) => [
      label,
      Array.isArray(value) ? value.join(', ') : String(value ?? '')
    ])
  );
}
