/** What is asked of the server in a conversation, and why the last of it was not done. */

import type { JobView, JobWish } from '../../api';
import type { IFile } from '../../attachments';
import { refusalOf } from '../../request';
import type { StudioServer } from '../server';
import { remember } from './asked';

export class Asking {
  constructor(
    private _server: StudioServer,
    /** Called when what is here is not as it was. */
    private _tell: () => void
  ) {}

  /** Why the last thing that was tried was not done; empty when it was. */
  fault = '';

  /** Whether a job that was asked for is on its way. */
  get sending(): boolean {
    return this._begun > 0;
  }

  /** Begin a job, and remember what it was asked; null when it was refused. */
  async begin(wish: JobWish, files: readonly IFile[]): Promise<JobView | null> {
    let job = null as JobView | null;
    this._begun += 1;
    this._tell();
    await this.attempt(async () => {
      job = await this._server.begin(wish);
      remember(job.id, { wish, files });
    });
    this._begun -= 1;
    return job;
  }

  /** Do something that the server may refuse; gives whether it did not. */
  async attempt(what: () => Promise<unknown>): Promise<boolean> {
    const refusal = await refusalOf(what);
    this.fault = refusal;
    this._tell();
    return !refusal;
  }

  /** Do what a button of an entry says, which may be pressed twice, once; null where it is under way. */
  async once<T>(key: string, what: () => Promise<T>): Promise<T | null> {
    if (this._pressed.has(key)) {
      return null;
    }
    this._pressed.add(key);
    try {
      return await what();
    } finally {
      this._pressed.delete(key);
    }
  }

  /** How many jobs that were asked for are on their way: a button may begin one beside a message. */
  private _begun = 0;
  /** The entries of which a button was pressed whose answer is on its way. */
  private _pressed = new Set<string>();
}
