/** What was refused to a command, which has no place of its own to say so. */

import { Notification } from '@jupyterlab/apputils';

import { refusalOf } from './request';

/**
 * Do something that may be refused; says why it was in a notification, which stays until it is read.
 *
 * `about` is the title of what it was to be done to, and is said first.
 */
export async function orNotify(what: () => Promise<unknown>, about = ''): Promise<void> {
  const refusal = await refusalOf(what);
  if (refusal) {
    Notification.error(about ? `${about}: ${refusal}` : refusal, { autoClose: false });
  }
}
