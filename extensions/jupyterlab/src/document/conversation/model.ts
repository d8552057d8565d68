/**
 * The conversation of one document: reads it, follows its jobs as they run, and sends what the person says.
 *
 * Events come faster than a page is worth drawing again, so those of a moment are taken in together.
 */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type {
  AppFailure,
  ConversationTurn,
  DataPath,
  Event,
  Finished,
  JobNews,
  JobView,
  JobWish,
  Reference
} from '../../api';
import type { IAttachment } from '../../components/composer';
import { Reading } from '../../reading';
import { Refused, told } from '../../request';
import { EventStream } from '../../stream';
import type { StudioServer } from '../server';
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
import { keepUnsent, unsent } from './unsent';

/** Milliseconds of events that are drawn at once. */
const MOMENT = 40;

/** A message for an app that has no name yet: it is sent when the app has one. */
export interface IHeld {
  key: string;
  text: string;
  references: Reference[];
  data: (string | DataPath)[];
}

/** What the server knows of the conversation about an app, and of what goes on. */
interface IRemembered {
  app: string;
  turns: ConversationTurn[];
  jobs: JobView[];
}

interface IFile extends IAttachment {
  sent: string | DataPath | null;
}

export class ConversationModel implements IDisposable {
  constructor(
    private _server: StudioServer,
    private _trans: TranslationBundle
  ) {}

  /** Anything that is drawn is not as it was. */
  readonly changed = new Signal<this, void>(this);
  /** A job ended well. */
  readonly finished = new Signal<this, Finished>(this);
  /** The app that a job makes has a name now. */
  readonly named = new Signal<this, string>(this);
  /** The person wants to type; true where the field has to be brought in sight for it. */
  readonly wanted = new Signal<this, boolean>(this);

  app = '';
  entries: Entry[] = [];
  held: IHeld[] = [];
  /** What is typed and not sent. */
  text = '';
  references: Reference[] = [];
  files: IFile[] = [];
  state: 'loading' | 'ready' | 'failed' = 'loading';
  /** Why the last thing that was tried was not done; empty when it was. */
  fault = '';
  connected = true;
  /** The field is to take the cursor and has not yet. */
  cursorDue = false;
  sending = false;

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
    Signal.clearData(this);
  }

  get running(): IJobEntry | null {
    return running(this.entries);
  }

  /** Read what was said of an app before, and follow what goes on; harmless to repeat. */
  async read(app: string): Promise<void> {
    this.app = app;
    this.text ||= unsent(app);
    try {
      await this._reading.read();
    } catch (error) {
      this.state = this.entries.length ? 'ready' : 'failed';
      this.fault = told(error);
    }
    this._tell();
  }

  /** Show a job and take in its events as they come. */
  follow(job: JobView, references: readonly Reference[] = []): void {
    this.state = 'ready';
    this.entries = joined(this.entries, begun(job, references));
    const entry = this._entry(job.id);
    if (!this._streams.has(job.id) && entry?.job.doing.kind !== 'ended') {
      const stream = new EventStream<Event>({
        serverSettings: this._server.settings,
        path: `jobs/${encodeURIComponent(job.id)}/events`,
        after: entry?.job.last ?? 0,
        onEvent: event => this._hear(job.id, event),
        onConnection: connected => {
          if (this.connected !== connected) {
            this.connected = connected;
            this._tell();
          }
        },
        onEnd: status => this._ended(job.id, status)
      });
      this._streams.set(job.id, stream);
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
    const key = `trouble-${++this._count}`;
    const at = new Date().toISOString();
    this.entries = troubled(this.entries, key, at, failure);
    this._tell();
  }

  /** Let the field take the cursor, now or as soon as it is there and in sight. */
  want(inSight: boolean): void {
    this.cursorDue = true;
    this.wanted.emit(inSight);
  }

  setText(text: string): void {
    this.text = text;
    if (this.app) {
      keepUnsent(this.app, text);
    }
    this._tell();
  }

  /** Put something into the field for the person to finish, and the cursor behind it. */
  propose(text: string): void {
    this.setText(text);
    this.want(true);
  }

  addReference(reference: Reference): void {
    const same = (other: Reference) =>
      other.label === reference.label &&
      other.variable === reference.variable &&
      other.cell === reference.cell;
    if (!this.references.some(same)) {
      this.references = [...this.references, reference];
    }
    this._tell();
    this.want(true);
  }

  removeReference(reference: Reference): void {
    this.references = this.references.filter(other => other !== reference);
    this._tell();
    this.want(true);
  }

  async attach(files: readonly File[]): Promise<void> {
    const added = files.map(file => ({
      file,
      key: `file-${++this._count}`
    }));
    this.files = [
      ...this.files,
      ...added.map(({ key, file }): IFile => {
        return { key, name: file.name, state: 'sending', sent: null };
      })
    ];
    this._tell();
    await Promise.all(
      added.map(async ({ key, file }) => {
        try {
          const { id } = await this._server.upload(file);
          this._settle(key, { state: 'ready', sent: id });
        } catch (error) {
          this._settle(key, { state: 'failed', what: told(error) });
        }
      })
    );
  }

  /** Attach files of the folder that JupyterLab shows, by their paths there. */
  attachPaths(paths: readonly string[]): void {
    this.files = [
      ...this.files,
      ...paths.map((path): IFile => {
        const name = path.split('/').pop() ?? path;
        const key = `file-${++this._count}`;
        return { key, name, state: 'ready', sent: { path } };
      })
    ];
    this._tell();
  }

  detach(key: string): void {
    const file = this.files.find(other => other.key === key);
    this.files = this.files.filter(other => other !== file);
    this._tell();
    if (typeof file?.sent === 'string') {
      void this._try(() => this._server.detach(file.sent as string));
    }
  }

  /** Send what is typed, with what was pointed at and attached. */
  async send(): Promise<void> {
    const text = this.text.trim();
    if (!text || this.sending) {
      return;
    }
    const message = {
      text,
      references: this.references,
      data: this.files.flatMap(file => (file.sent === null ? [] : [file.sent]))
    };
    const files = this.files;
    this.setText('');
    this.references = [];
    this.files = [];
    if (!this.app && this.running) {
      this.held = [...this.held, { ...message, key: `held-${++this._count}` }];
      this._tell();
      return;
    }
    if (!(await this._say(message))) {
      // Nothing that was typed is lost, also not what was typed while it was on its way.
      this.setText(this.text ? `${text}\n${this.text}` : text);
      this.references = [...message.references, ...this.references];
      this.files = [...files, ...this.files];
      this._tell();
    }
  }

  /** Ask for the same again. */
  async again(entry: IJobEntry): Promise<void> {
    await this._say({
      text: entry.job.request,
      references: [...entry.references],
      data: []
    });
  }

  /** Let a model mend what went wrong in the running app. */
  async fix(trouble: ITroubleEntry): Promise<void> {
    const job = await this._begin({
      action: 'repair',
      app: this.app,
      failure: trouble.failure
    });
    if (job) {
      this.entries = this.entries.map(entry =>
        entry.key === trouble.key && entry.kind === 'trouble'
          ? { ...entry, repair: job.id }
          : entry
      );
      this._tell();
    }
  }

  dismiss(trouble: ITroubleEntry): void {
    this.entries = this.entries.filter(entry => entry.key !== trouble.key);
    this._tell();
  }

  async stop(id: string): Promise<void> {
    await this._try(() => this._server.stop(id));
  }

  /** Take back a message that waits; its words come back into the field. */
  async withdraw(waiting: IJobEntry | IHeld): Promise<void> {
    const text = 'job' in waiting ? waiting.job.request : waiting.text;
    if ('job' in waiting) {
      if (!(await this._try(() => this._server.stop(waiting.job.id)))) {
        return;
      }
      this._drop(waiting.job.id);
    } else {
      this.held = this.held.filter(other => other !== waiting);
    }
    this.propose(this.text ? `${this.text}\n${text}` : text);
  }

  async answer(id: string, question: string, answer: string): Promise<boolean> {
    return this._try(() => this._server.answer(id, question, answer));
  }

  clearFault(): void {
    this.fault = '';
    this._tell();
  }

  private async _say(message: Omit<IHeld, 'key'>): Promise<boolean> {
    const { text, references, data } = message;
    const wish: JobWish = {
      action: this.app ? 'change' : 'make',
      app: this.app,
      request: text,
      references,
      data
    };
    return (await this._begin(wish, references)) !== null;
  }

  private async _begin(
    wish: JobWish,
    references: readonly Reference[] = []
  ): Promise<JobView | null> {
    let job: JobView | null = null;
    this.sending = true;
    this._tell();
    await this._try(async () => {
      job = await this._server.begin(wish);
    });
    this.sending = false;
    if (job) {
      this.follow(job, references);
    }
    this._tell();
    return job;
  }

  private async _try(what: () => Promise<unknown>): Promise<boolean> {
    try {
      await what();
      this.fault = '';
      return true;
    } catch (error) {
      this.fault = told(error);
      return false;
    } finally {
      this._tell();
    }
  }

  private _remember({ app, turns, jobs }: IRemembered): void {
    if (this._disposed || this.app !== app) {
      return;
    }
    this._flush();
    this.entries = merged(remembered(turns, app), this.entries);
    for (const job of jobs) {
      if (job.app === app && !job.done) {
        this.follow(job);
      }
    }
    this.state = 'ready';
  }

  private _hear(id: string, event: Event): void {
    this._pending.push([id, event]);
    this._timer ??= window.setTimeout(() => this._flush(), MOMENT);
  }

  private _flush(): void {
    window.clearTimeout(this._timer);
    this._timer = undefined;
    const pending = this._pending;
    this._pending = [];
    const byJob = new Map<string, Event[]>();
    for (const [id, event] of pending) {
      byJob.set(id, [...(byJob.get(id) ?? []), event]);
    }
    for (const [id, events] of byJob) {
      this.entries = heard(this.entries, id, events);
      this._close(id);
    }
    if (byJob.size) {
      this._tell();
    }
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
    if (!job.outcome || !this._streams.has(id)) {
      return;
    }
    this._streams.get(id)?.dispose();
    this._streams.delete(id);
    if (job.outcome.kind === 'finished') {
      this.finished.emit(job.outcome);
    }
    void this._release();
  }

  /** Messages that waited for the app's name are sent; where it has none, their words come back. */
  private async _release(): Promise<void> {
    const held = this.held;
    this.held = [];
    if (!held.length) {
      return;
    }
    if (!this.app) {
      const texts = [...held.map(message => message.text), this.text];
      this.propose(texts.filter(text => text).join('\n'));
      return;
    }
    for (const message of held) {
      await this._say(message);
    }
  }

  private _ended(id: string, status: number): void {
    this._flush();
    this._streams.get(id)?.dispose();
    this._streams.delete(id);
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
    this._streams.get(id)?.dispose();
    this._streams.delete(id);
    this.entries = this.entries.filter(entry => entry.key !== `job-${id}`);
    this._tell();
  }

  private _settle(key: string, change: Partial<IFile>): void {
    this.files = this.files.map(file =>
      file.key === key ? { ...file, ...change } : file
    );
    this._tell();
  }

  private _tell(): void {
    if (!this._disposed) {
      this.changed.emit();
    }
  }

  private _reading = new Reading<IRemembered>(
    async () => {
      const { app } = this;
      const [turns, jobs] = await Promise.all([
        this._server.conversation(app),
        this._server.jobs()
      ]);
      return { app, turns, jobs };
    },
    answer => this._remember(answer)
  );
  private _streams = new Map<string, EventStream<Event>>();
  private _pending: [string, Event][] = [];
  private _timer: number | undefined;
  private _count = 0;
  private _disposed = false;
}

/** Whether the server says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.status === 404;
}
