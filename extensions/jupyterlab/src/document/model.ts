/**
 * One studio document: an app, its conversation and its page; or a job that is about to make an app, until the app has
 * a name.
 */

import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { AppCard, AppDetail, AppNews, News } from '../api';
import { Reading } from '../reading';
import { isMissing, refusalOf, told } from '../request';
import { Failures } from './app/failures';
import { PageModel } from './app/model';
import { ConversationModel } from './conversation/model';
import { requestWords } from './phrases';
import type { StudioServer } from './server';

export interface IDocumentOptions {
  server: StudioServer;
  /** JupyterLab's files. */
  contents: Contents.IManager;
  trans: TranslationBundle;
  /** The library's stream. */
  news: ISignal<unknown, News>;
  /** The app, or a job that makes one. */
  app?: string;
  job?: string;
  /** Nothing is said in it: it is shown beside others. */
  silent?: boolean;
}

/** An app, and by which name it was asked for. */
interface IAnswer {
  asked: string;
  detail: AppDetail;
}

/** The tabs beside the app itself. */
export const TABS = [
  'app',
  'evidence',
  'code',
  'history',
  'permissions',
  'data'
] as const;

export type Tab = (typeof TABS)[number];

export class DocumentModel implements IDisposable {
  constructor(options: IDocumentOptions) {
    this.server = options.server;
    this.trans = options.trans;
    this.name = options.app ?? '';
    this.job = options.job ?? '';
    this._news = options.news;
    this.conversation = new ConversationModel(
      this.server,
      this.trans,
      options.contents
    );
    this.page = new PageModel(this.server);
    this._failures = new Failures(
      this.page,
      failure => this.conversation.onTrouble(failure),
      this.trans.__('The app ran into an error.')
    );
    this.conversation.named.connect((_, name) => this._named(name));
    this.conversation.begunAnew.connect((_, job) => {
      this.job = job;
      this.moved.emit();
    });
    this.conversation.finished.connect(() => void this.read());
    this.page.said.connect((_, message) =>
      message.kind === 'pointed'
        ? void this._point(message)
        : void this._failures.onPage(message.error, message.traceback)
    );
    this._news.connect(this._onNews, this);
    if (!this.name && !options.silent) {
      this.conversation.waitFor(this.job);
    }
    void this._begin();
  }

  readonly server: StudioServer;
  readonly trans: TranslationBundle;
  readonly conversation: ConversationModel;
  readonly page: PageModel;
  /** Anything but the conversation and the page is not as it was. */
  readonly changed = new Signal<this, void>(this);
  /** The app has a name now, or another one, or another job makes it. */
  readonly moved = new Signal<this, void>(this);
  /** Something of the app that a tab shows is not as it was. */
  readonly outdated = new Signal<this, AppNews['what']>(this);

  /** The app's name; empty until it has one. */
  name: string;
  job: string;
  detail: AppDetail | null = null;
  /** The app as it lies in the trash. */
  trashed: AppCard | null = null;
  /** `trashed` and `missing`: there is no such app any more. */
  state: 'loading' | 'making' | 'ready' | 'trashed' | 'missing' | 'failed' =
    'loading';
  fault = '';
  tab: Tab = 'app';

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._news.disconnect(this._onNews, this);
    this._failures.dispose();
    this.conversation.dispose();
    this.page.dispose();
    Signal.clearData(this);
  }

  /** What the document is called: the app's title, or what is asked for. */
  get title(): string {
    return (
      this.detail?.title ||
      this.name ||
      this.conversation.entries.flatMap(entry =>
        entry.kind === 'job' ? [requestWords(this.trans, entry.job)] : []
      )[0] ||
      ''
    );
  }

  setTab(tab: Tab): void {
    this.tab = tab;
    this._tell();
  }

  /** Read the app anew; its page is loaded again when what it shows has changed. */
  async read(): Promise<void> {
    if (!this.name) {
      return;
    }
    const name = this.name;
    try {
      await this._reading.read();
    } catch (error) {
      await this._miss(name, error);
    }
    this._tell();
  }

  /** Take the app out of the trash: this very one, whatever else has its name by now. */
  async restore(): Promise<void> {
    const { trashed } = this;
    if (trashed) {
      await this.attempt(async () => {
        const { name } = await this.server.restore(trashed);
        if (name !== this.name) {
          this._moved(name);
        }
      });
      await this.read();
    }
  }

  /** Do something that the server may refuse, and say so if it does. */
  async attempt(what: () => Promise<unknown>): Promise<boolean> {
    const refusal = await refusalOf(what);
    this.fault = refusal;
    this._tell();
    return !refusal;
  }

  clearFault(): void {
    this.fault = '';
    this._tell();
  }

  private async _begin(): Promise<void> {
    if (this.name) {
      void this.page.load(this.name); // It takes longest, and needs nothing of the rest.
      await Promise.all([this.read(), this.conversation.read(this.name)]);
      return;
    }
    try {
      const job = await this.server.job(this.job);
      if (job.app) {
        this._named(job.app);
      } else {
        this.state = 'making';
        this.conversation.follow(job);
      }
    } catch (error) {
      this.fault = told(error);
      if (!isMissing(error)) {
        this.state = 'failed';
      } else if (this.conversation.leaveOff()) {
        this.state = 'making'; // What was to be said is in the field, which stays open for it.
      } else {
        this.state = 'missing';
      }
    }
    this._tell();
  }

  private _take({ asked, detail }: IAnswer): void {
    if (this._disposed || this.name !== asked) {
      return;
    }
    if (this.detail && this.detail.id !== detail.id) {
      void this._gone(asked); // Another app has its name by now.
      return;
    }
    const renamed = detail.name !== asked;
    if (renamed) {
      this._moved(detail.name); // It was opened by a name that it had before.
    }
    const before = this.detail;
    this.detail = detail;
    this.state = 'ready';
    this.trashed = null;
    this.fault = '';
    const moved = before !== null && before.current !== detail.current;
    if (moved || this.page.state === 'none') {
      void this.page.load(detail.name);
    }
    if (moved || renamed) {
      void this.conversation.read(detail.name);
    }
  }

  /** The app cannot be read: it may be in the trash, or gone for good. */
  private async _miss(name: string, error: unknown): Promise<void> {
    if (isMissing(error)) {
      this.fault = ''; // The document says it, in the place of what is not there.
      await this._gone(name);
    } else {
      this.fault = told(error);
      this.state = 'failed';
    }
  }

  /** There is no such app: it may be in the trash, where others may have had its name. */
  private async _gone(name: string): Promise<void> {
    this.page.clear();
    if (this.state !== 'trashed') {
      this.state = 'missing'; // In the trash it stays as it is until more is known: its button is pressed meanwhile.
    }
    const trash = await this.server.trash().catch(() => []);
    const [found] = trash
      .filter(app => (this.detail ? app.id === this.detail.id : app.name === name))
      .sort((one, other) => Date.parse(other.removed ?? '') - Date.parse(one.removed ?? ''));
    if (this.name !== name || (this.state as DocumentModel['state']) === 'ready') {
      return; // It was found meanwhile.
    }
    this.trashed = found ?? null;
    this.state = found ? 'trashed' : 'missing';
    if (found) {
      this.fault = ''; // The document says it, with a button to bring it back.
    }
    this._tell();
  }

  /** The app has another name. */
  private _moved(name: string): void {
    this.name = name;
    this.conversation.about(name);
    this.moved.emit();
  }

  private _named(name: string): void {
    this.name = name;
    this.moved.emit();
    void Promise.all([this.read(), this.conversation.read(name)]);
  }

  private async _point(message: {
    model: string;
    label: string;
    type: string;
  }): Promise<void> {
    const { model, label, type } = message;
    try {
      const pointed = { model, label, type };
      this.conversation.unsent.addReference(
        await this.server.pointed(this.name, pointed)
      );
    } catch {
      // Where it comes from cannot be told; what it is called still helps.
      this.conversation.unsent.addReference({
        cell: '',
        variable: '',
        label: label || type,
        kind: type
      });
    }
  }

  private _onNews(_: unknown, news: News): void {
    if (news.kind === 'job') {
      this.conversation.onNews(news);
    } else if (news.kind === 'notice' && news.app === this.name) {
      this._failures.onNotice(news);
    } else if (news.kind === 'reset') {
      void this.read();
      if (this.name) {
        void this.conversation.read(this.name);
      }
    } else if (news.kind === 'app' && this.name) {
      this._onApp(news);
    }
  }

  private _onApp(news: AppNews): void {
    if (news.was === this.name && news.app !== this.name) {
      this._moved(news.app);
    }
    if (news.app !== this.name) {
      return;
    }
    void this.read();
    if (news.what === 'permissions' && this.state === 'ready') {
      void this.page.load(this.name); // Its kernel runs with what it had.
    }
    this.outdated.emit(news.what);
  }

  private _tell(): void {
    if (!this._disposed) {
      this.changed.emit();
    }
  }

  private _reading = new Reading<IAnswer>(
    async () => {
      const asked = this.name;
      return { asked, detail: await this.server.app(asked) };
    },
    answer => this._take(answer)
  );
  private _news: ISignal<unknown, News>;
  private _failures: Failures;
  private _disposed = false;
}
