/**
 * What was asked for in this browser tab, by the job's id: with its files and choices, which the server does not tell.
 *
 * "Try again" is offered where the very same can be asked for again, and nowhere else: with another wish it would cost
 * money for what nobody asked for.
 */

import type { JobWish } from '../../api';
import type { IFile } from '../../attachments';
import { keep, kept } from '../../kept';
import type { IJob } from './job';
import type { IJobEntry } from './thread';

export interface IAsked {
  wish: JobWish;
  /** The files of the wish as they are shown. */
  files: readonly IFile[];
}

export function remember(job: string, asked: IAsked): void {
  keep(`asked:${job}`, asked);
}

export function recall(job: string): IAsked | null {
  return kept<IAsked>(`asked:${job}`);
}

export function forget(job: string): void {
  keep(`asked:${job}`, null);
}

/** What asks for the same again in the conversation about an app, which may have no name; null where it cannot be told. */
export function repeated(entry: IJobEntry, app: string): JobWish | null {
  const { id, action, request, references } = entry.job;
  if (action !== (app ? 'change' : 'make') || entry.group) {
    return null;
  }
  const asked = recall(id);
  if (asked) {
    return { ...asked.wish, app };
  }
  return plain(entry.job)
    ? { action, app, request, references: [...references] }
    : null;
}

/** Whether a job that was asked for elsewhere was words and nothing else: a model answered, which was told of no file. */
function plain(job: IJob): boolean {
  return (
    job.maker.startsWith('model') &&
    job.items.length > 0 &&
    job.items.every(item => item.kind !== 'told')
  );
}
