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
  sending = false;

  /** Begin a job, and remember what it was asked; null when it was refused. */
  async begin(wish: JobWish, files: readonly IFile[]): Promise<JobView | null> {
    let job = null as JobView | null;
    this.sending = true;
    this._tell();
    await this.attempt(async () => {
      job = await this._server.begin(wish);
      remember(job.id, { wish, files });
    });
    this.sending = false;
    return job;
  }

  /** Do something that the server may refuse; gives whether it did not. */
  async attempt(what: () => Promise<unknown>): Promise<boolean> {
    const refusal = await refusalOf(what);
    this.fault = refusal;
    this._tell();
    return !refusal;
  }
}
