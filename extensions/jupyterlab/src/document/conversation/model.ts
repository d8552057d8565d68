/** The conversation of one document: reads it, follows its jobs as they run, and sends what the person says. */

import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type {
  AppFailure,
  Finished,
  JobNews,
  JobView,
  JobWish,
  Reference
} from '../../api';
import type { IFile } from '../../attachments';
import { Reading } from '../../reading';
import { isMissing, told } from '../../request';
import type { StudioServer } from '../server';
import { forget, recall, repeated } from './asked';
import { Asking } from './asking';
import { Following } from './following';
import { Held, type IHeld } from './held';
import { keepTroubles, keptTroubles, recollect, type IRemembered } from './memory';
import {
  begun,
  changed,
  heard,
  joined,
  merged,
  remembered,
  running,
  troubled,
  type Entry,
  type IJobEntry,
  type ITroubleEntry
} from './thread';
import { Unsent, type ITaken } from './unsent';

export class ConversationModel implements IDisposable {
  constructor(
    private _server: StudioServer,
    private _trans: TranslationBundle,
    contents: Contents.IManager
  ) {
    this._asking = new Asking(_server, () => this._tell());
    this.unsent = new Unsent(_server, contents);
    this.unsent.changed.connect(() => this._tell());
    this._held = new Held(this.unsent, message => this._say(message));
    this._held.changed.connect(() => this._tell());
    this.unsent.attachments.failed.connect((_, fault) => {
      this._asking.fault = fault;
      this._tell();
    });
    this._following = new Following({
      serverSettings: _server.settings,
      onEvents: (job, events) => {
        this.entries = heard(this.entries, job, events);
        this._close(job);
      },
      onMoment: () => this._tell(),
      onConnection: connected => {
        if (this.connected !== connected) {
          this.connected = connected;
          this._tell();
        }
      },
      onEnd: (job, status) => this._ended(job, status)
    });
  }

  /** Anything that is drawn is not as it was. */
  readonly changed = new Signal<this, void>(this);
  /** A job ended well. */
  readonly finished = new Signal<this, Finished>(this);
  /** The app that a job makes has a name now. */
  readonly named = new Signal<this, string>(this);
  /** The app has no name, and another job makes it from now on. */
  readonly begunAnew = new Signal<this, string>(this);
  /** What is typed and not sent. */
  readonly unsent: Unsent;

  app = '';
  entries: Entry[] = [];
  state: 'loading' | 'ready' | 'failed' = 'loading';
  connected = true;

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._following.dispose();
    Signal.clearData(this);
  }

  /** Why the last thing that was tried was not done; empty when it was. */
  get fault(): string {
    return this._asking.fault;
  }

  /** Messages that wait for the one before to arrive, or for the app's name. */
  get held(): readonly IHeld[] {
    return this._held.messages;
  }

  get running(): IJobEntry | null {
    return running(this.entries);
  }

  /** The app has this name, now or from now on. */
  about(app: string): void {
    this.app = app;
    this.unsent.about(app);
  }

  /** The app has no name: this job makes it, and what is said meanwhile waits for that. */
  waitFor(job: string): void {
    this.unsent.about(`job:${job}`);
    this._held.waitFor(job);
  }

  /** The job that is waited for is not known any more. Gives whether anything comes back that was to be said. */
  leaveOff(): boolean {
    this.state = 'ready';
    void this._held.release(this.app);
    return this.unsent.text !== '';
  }

  /** Read what was said of an app before, and follow what goes on; harmless to repeat. */
  async read(app: string): Promise<void> {
    this.about(app);
    this._held.recover(app);
    try {
      await this._reading.read();
    } catch (error) {
      this.state = this.entries.length ? 'ready' : 'failed';
      this._asking.fault = isMissing(error) ? '' : told(error); // The document says what is not there.
    }
    if (!this.running) {
      this._release();
    }
    this._tell();
  }

  /** Show a job and take in its events as they come. */
  follow(job: JobView, references: readonly Reference[] = []): void {
    this.state = 'ready';
    this.entries = joined(this.entries, begun(job, references));
    const entry = this._entry(job.id);
    if (entry && entry.job.doing.kind !== 'ended') {
      this._following.follow(job.id, entry.job.last);
    }
    this._tell();
  }

  /** What the library's stream says of a job. */
  onNews(news: JobNews): void {
    const { job } = news;
    const known = this._entry(job.id);
    if (known) {
      if (known.queued !== job.queued) {
        this._change(job.id, entry => ({ ...entry, queued: job.queued }));
      }
      if (news.what === 'ended' && known.queued && !known.job.last) {
        this._drop(job.id); // It was taken back before it began.
      }
    } else if (this.app && job.app === this.app && !job.done) {
      this.follow(job);
    }
  }

  /** Something went wrong in the running app. */
  onTrouble(failure: AppFailure): void {
    const at = new Date().toISOString();
    this._stand(troubled(this.entries, `trouble-${UUID.uuid4()}`, at, failure));
  }

  /** Send what is typed, with what was pointed at and attached. */
  async send(): Promise<void> {
    if (!this.unsent.text.trim()) {
      return;
    }
    const taken = this.unsent.take();
    if (this._asking.sending || (!this.app && this.running)) {
      this._held.add(taken, this.app);
    } else if (!(await this._say(taken))) {
      // Nothing that was typed is lost, also not what was typed while it was on its way.
      this.unsent.putBack(taken);
    }
  }

  /** Whether the very same can be asked for again. */
  canRepeat(entry: IJobEntry): boolean {
    return repeated(entry, this.app) !== null;
  }

  /** Ask for the same again. */
  async again(entry: IJobEntry): Promise<void> {
    const wish = repeated(entry, this.app);
    if (wish) {
      const files = recall(entry.job.id)?.files;
      await this._asking.once(entry.key, () => this._begin(wish, entry.job.references, files));
    }
  }

  /** Let a model mend what went wrong in the running app. */
  async fix(trouble: ITroubleEntry): Promise<void> {
    const job = await this._asking.once(trouble.key, () =>
      this._begin({ action: 'repair', app: this.app, failure: trouble.failure })
    );
    if (job) {
      this._stand(
        this.entries.map(entry =>
          entry.key === trouble.key && entry.kind === 'trouble'
            ? { ...entry, repair: job.id }
            : entry
        )
      );
    }
  }

  dismiss(trouble: ITroubleEntry): void {
    this._stand(this.entries.filter(entry => entry.key !== trouble.key));
  }

  async stop(id: string): Promise<void> {
    await this._asking.attempt(() => this._server.stop(id));
  }

  /** Take back a message that waits; it comes back into the field with what went with it. */
  async withdraw(waiting: IJobEntry | IHeld): Promise<void> {
    if ('job' in waiting) {
      const { id, request, references } = waiting.job;
      if (!(await this._asking.once(waiting.key, () => this._asking.attempt(() => this._server.stop(id))))) {
        return;
      }
      const files = recall(id)?.files ?? [];
      forget(id);
      this._drop(id);
      this.unsent.putBack({
        text: request,
        references: [...references],
        data: [],
        files
      });
    } else {
      this._held.withdraw(waiting);
    }
    this.unsent.want(true);
  }

  async answer(id: string, question: string, answer: string): Promise<boolean> {
    return this._asking.attempt(() => this._server.answer(id, question, answer));
  }

  clearFault(): void {
    this._asking.fault = '';
    this._tell();
  }

  private async _say(message: ITaken): Promise<boolean> {
    const { text, references, data, files } = message;
    const wish: JobWish = {
      action: this.app ? 'change' : 'make',
      app: this.app,
      request: text,
      references,
      data
    };
    return (await this._begin(wish, references, files)) !== null;
  }

  private async _begin(
    wish: JobWish,
    references: readonly Reference[] = [],
    files: readonly IFile[] = []
  ): Promise<JobView | null> {
    const job = await this._asking.begin(wish, files);
    if (job) {
      if (!this.app) {
        this.waitFor(job.id);
        this.begunAnew.emit(job.id);
      }
      this.follow(job, references);
    }
    if (!this._asking.sending && (this.app || !this.running)) {
      void this._held.release(job ? this.app : ''); // What was said while this was on its way.
    }
    this._tell();
    return job;
  }

  private _remember(memory: IRemembered): void {
    const { app, turns, jobs } = memory;
    if (this._disposed || this.app !== app) {
      return;
    }
    this._following.flush();
    const here = this.state === 'loading' ? [...keptTroubles(memory), ...this.entries] : this.entries;
    this.entries = merged(remembered(turns, app), here);
    for (const job of jobs) {
      if (job.app === app && !job.done) {
        this.follow(job);
      }
    }
    this.state = 'ready';
  }

  /** What follows from the end of a job, once. */
  private _close(id: string): void {
    const job = this._entry(id)?.job;
    if (!job) {
      return;
    }
    if (job.app && !this.app) {
      this.app = job.app;
      this.named.emit(job.app);
    }
    if (!job.outcome || !this._following.has(id)) {
      return;
    }
    this._following.leave(id);
    if (job.outcome.kind === 'finished') {
      forget(id);
      this.finished.emit(job.outcome);
    }
    this._release();
  }

  private _ended(id: string, status: number): void {
    const entry = this._entry(id);
    if (!entry || entry.job.outcome) {
      return;
    }
    if (entry.queued && !entry.job.last) {
      this._drop(id);
      return;
    }
    const error =
      status === 200
        ? this._trans.__('The job ended without saying how.')
        : this._trans.__(
            'The server no longer knows this job: it was started anew since.'
          );
    this._change(id, old => ({
      ...old,
      error,
      job: { ...old.job, doing: { kind: 'ended' } }
    }));
    this._release();
  }

  /** What is held can be sent, but not before a message that is on its way. */
  private _release(): void {
    if (!this._asking.sending) {
      void this._held.release(this.app);
    }
  }

  private _entry(id: string): IJobEntry | null {
    const found = this.entries.find(
      entry => entry.kind === 'job' && entry.job.id === id
    );
    return (found as IJobEntry | undefined) ?? null;
  }

  private _change(id: string, change: (entry: IJobEntry) => IJobEntry): void {
    this.entries = changed(this.entries, id, change);
    this._tell();
  }

  private _drop(id: string): void {
    this._following.leave(id);
    this.entries = this.entries.filter(entry => entry.key !== `job-${id}`);
    this._tell();
  }

  /** These are the entries now, and what of them went wrong is kept. */
  private _stand(entries: Entry[]): void {
    this.entries = entries;
    keepTroubles(this.app, entries);
    this._tell();
  }

  private _tell(): void {
    if (!this._disposed) {
      this.changed.emit();
    }
  }

  private _reading = new Reading<IRemembered>(
    () => recollect(this._server, this.app),
    answer => this._remember(answer)
  );
  private _asking: Asking;
  private _following: Following;
  private _held: Held;
  private _disposed = false;
}
