/** What a person is about to ask for in the panel: its words, the files that go with it, and how it is to be answered. */

import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { JobView, JobWish, Speed, StarterChoice, VariantGroup } from './api';
import { Attachments } from './attachments';
import { remember } from './document/conversation/asked';
import { keep, kept } from './kept';
import type { LibraryServer } from './library';
import { told } from './request';

/** By which name the words wait while the page is loaded anew. */
const KEPT = 'draft';

export type Maker = Speed | 'offline' | '';

/** What was taken to be sent. */
type ITaken = Pick<Draft, 'text' | 'maker' | 'answers' | 'starter'> & Pick<Attachments, 'data' | 'files'>;

export class Draft {
  constructor(
    private _server: LibraryServer,
    contents: Contents.IManager
  ) {
    this.text = kept<string>(KEPT) ?? '';
    this.attachments = new Attachments(_server, contents);
    this.attachments.changed.connect(() => this.changed.emit());
    this.attachments.failed.connect((_, fault) => this.set({ fault }));
  }

  readonly changed = new Signal<this, void>(this);
  /** The person wants to type: the field takes the cursor. */
  readonly wanted = new Signal<this, void>(this);
  /** A job, or several, began. */
  readonly began = new Signal<this, JobView | VariantGroup>(this);

  /** The field is to take the cursor, and has not yet. */
  waiting = false;
  text: string;
  readonly attachments: Attachments;
  /** Who writes it; empty for the speed that is set. */
  maker: Maker = '';
  /** How many answers are made to choose from. */
  answers = 1;
  starter: StarterChoice | null = null;
  fault = '';

  set(change: Partial<Pick<Draft, 'text' | 'maker' | 'answers' | 'starter' | 'fault'>>): void {
    Object.assign(this, change);
    keep(KEPT, this.text || null);
    this.changed.emit();
  }

  propose(text: string): void {
    this.set({ text });
    this.want();
  }

  /** Put the cursor into the field; as soon as it is seen, where it is not yet. */
  want(): void {
    this.waiting = true;
    this.wanted.emit();
  }

  take(starter: StarterChoice): void {
    this.set({ starter, text: this.text.trim() ? this.text : starter.title });
    this.want();
  }

  /** Ask for what is typed. What is asked for while another is on its way is sent after it, or comes back with it. */
  async send(): Promise<void> {
    const { text, maker, answers, starter } = this;
    if (!text.trim()) {
      return;
    }
    const { data, files } = this.attachments;
    this._due.push({ text, maker, answers, starter, data, files });
    this.attachments.put([]);
    this.set({ fault: '', text: '', starter: null });
    if (this._due.length > 1) {
      return;
    }
    try {
      for (; this._due.length; this._due.shift()) {
        await this._send(this._due[0]);
      }
    } catch (error) {
      // What was asked for comes back, before what was typed and attached meanwhile.
      const due = this._due.splice(0);
      this.attachments.put([...due.flatMap(({ files }) => files), ...this.attachments.files]);
      this.set({
        fault: told(error),
        text: [...due.map(({ text }) => text), this.text].filter(Boolean).join('\n'),
        starter: this.starter ?? due[0].starter
      });
    }
  }

  private async _send({ text, maker, answers, starter, data, files }: ITaken): Promise<void> {
    const request = text.trim();
    const offline = maker === 'offline';
    const speed = maker === 'offline' ? '' : maker;
    if (answers > 1 && !offline && !starter) {
      this.began.emit(await this._server.variants({ request, data, speed, count: answers }));
      return;
    }
    const wish: JobWish = { action: 'make', request, data, speed, offline, starter: starter?.name ?? '' };
    const job = await this._server.begin(wish);
    remember(job.id, { wish, files });
    this.began.emit(job);
  }

  /** What is on its way, and what waits for that. */
  private _due: ITaken[] = [];
}
