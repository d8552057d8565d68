/**
 * Messages that cannot be sent yet, because the one before is on its way or the app has no name: they are sent one
 * after the other, and come back into the field when the app gets no name or one cannot be sent. They wait in this
 * browser tab's own store, under the app's name or the id of the job that makes it, for a page that is loaded anew.
 */

import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { keep, kept } from '../../kept';
import type { ITaken, Unsent } from './unsent';

export interface IHeld extends ITaken {
  key: string;
}

export class Held {
  constructor(
    private _unsent: Unsent,
    private _say: (message: ITaken) => Promise<boolean>
  ) {}

  readonly changed = new Signal<this, void>(this);
  messages: readonly IHeld[] = [];

  /** They wait for this job to make the app. */
  waitFor(job: string): void {
    const place = `held:${job}`;
    if (place !== this._place) {
      keep(this._place, null);
      this._place = place;
      this._set([...(kept<IHeld[]>(place) ?? []), ...this.messages]);
    }
  }

  add(taken: ITaken, app: string): void {
    if (app) {
      this._place = placeOf(app);
    }
    this._set([...this.messages, { ...taken, key: UUID.uuid4() }]);
  }

  /** Take one back into the field. */
  withdraw(message: IHeld): void {
    if (this.messages.includes(message)) {
      this._set(this.messages.filter(other => other !== message));
      this._unsent.putBack(message);
    }
  }

  /** Nothing is to be waited for any more; without an app's name they come back. */
  async release(app: string): Promise<void> {
    const { messages } = this;
    if (!messages.length || this._releasing) {
      return;
    }
    this._set([]);
    if (!app) {
      this._putBack(messages);
      this._unsent.want(true);
      return;
    }
    this._releasing = true;
    this._place = placeOf(app); // By its name a page that is loaded anew opens the document.
    this._set(messages);
    while (this.messages.length) {
      const [first, ...rest] = this.messages;
      this.messages = rest; // It is kept until it has arrived.
      if (await this._say(first)) {
        this._set(this.messages);
      } else {
        const left = [first, ...this.messages];
        this._set([]);
        this._putBack(left);
      }
    }
    this._releasing = false;
  }

  /** What a page was sending as it was left comes back: it may have arrived, and sent twice it would cost twice. */
  recover(app: string): void {
    const left = this._releasing || this.messages.length ? null : kept<IHeld[]>(placeOf(app));
    if (left) {
      keep(placeOf(app), null);
      this._putBack(left);
    }
  }

  private _putBack(messages: readonly ITaken[]): void {
    for (const message of [...messages].reverse()) {
      this._unsent.putBack(message);
    }
  }

  private _set(messages: readonly IHeld[]): void {
    this.messages = messages;
    keep(this._place, messages.length ? messages : null);
    this.changed.emit();
  }

  private _place = 'held:';
  private _releasing = false;
}

function placeOf(app: string): string {
  return `held:app:${app}`;
}
