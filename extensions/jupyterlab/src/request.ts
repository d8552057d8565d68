/** One request to the server's API, and the error that it answers with when it cannot be done. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Fault } from './api';
import { faultWord, withWord } from './faults';
import { language, words } from './words';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Where the API is, below the server's base URL. */
const API = 'microapps/api';

/**
 * Why a request was not done, in words for a person: what happened, and what to do about it.
 *
 * `status` is 0 when the server could not be reached at all. `error` is a class of `microapps/errors.py`, and empty when
 * what answered was not the studio.
 */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly what: string,
    readonly hint: string
  ) {
    super(hint ? `${what} ${hint}` : what);
    this.name = 'Refused';
  }
}

/**
 * Ask the server for `path`, below the API's address; gives its answer, null where it is empty.
 *
 * `body` is sent as JSON, or as it is when it is a Blob. Throws `Refused`.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  method: Method,
  path: string,
  body?: unknown
): Promise<T> {
  const url = URLExt.join(settings.baseUrl, API, path);
  const raw = body instanceof Blob;
  const headers: Record<string, string> = { 'Accept-Language': language() };
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    init.body = raw ? body : JSON.stringify(body);
    headers['Content-Type'] = raw ? 'application/octet-stream' : 'application/json';
  }
  let response: Response;
  let text: string;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
    text = await response.text();
  } catch (error) {
    throw unreachable(error);
  }
  const answer = parsed(text);
  if (!response.ok || (text && answer === null)) {
    throw refused(response.status, answer);
  }
  return answer as T;
}

/** What a person should read of whatever was thrown; never empty. */
export function told(error: unknown): string {
  return (error instanceof Error && error.message) || String(error);
}

/** Do something that may be refused; gives what a person should read of the refusal, empty when it was done. */
export async function refusalOf(what: () => Promise<unknown>): Promise<string> {
  try {
    await what();
    return '';
  } catch (error) {
    return told(error);
  }
}

/** Whether the server says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.status === 404;
}

/** What to throw for an error of the connection, which may be cut while an answer is read; any other is itself. */
export function unreachable(error: unknown): Error {
  if (!(error instanceof ServerConnection.NetworkError || error instanceof TypeError)) {
    return error as Error;
  }
  const trans = words();
  return new Refused(
    0,
    'Unreachable',
    trans.__('The Jupyter server does not answer.'),
    trans.__('Check that it is running, then try again.')
  );
}

/** What to throw for an answer that is a refusal. */
export function refused(status: number, answer: unknown): Refused {
  const fault = answer as Partial<Fault> | null;
  if (typeof fault?.error === 'string' && typeof fault.what === 'string') {
    const what = withWord(faultWord(fault.error), fault.what);
    return new Refused(status, fault.error, what, fault.hint ?? '');
  }
  const trans = words();
  if (status === 401 || status === 403) {
    return new Refused(
      status,
      '',
      trans.__('The Jupyter server refused this.'),
      trans.__('Load the page again to sign in anew.')
    );
  }
  if (status >= 502 && status <= 504) {
    return new Refused(
      status,
      'Unreachable',
      trans.__('The Jupyter server does not answer, says what stands before it (status %1).', status),
      trans.__('Check that it is running, then try again.')
    );
  }
  return new Refused(
    status,
    '',
    trans.__('What answered (status %1) is not the micro-apps extension of the server.', status),
    trans.__('Run "jupyter server extension list" to see whether it is enabled.')
  );
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // A proxy's page, not ours: the status says enough.
  }
}
