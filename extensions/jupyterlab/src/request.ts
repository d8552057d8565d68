/** One request to the server's API, and the error that it answers with when it cannot be done. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Fault } from './api';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Why a request was not done, in words for a person: what happened, and what to do about it.
 *
 * `status` is 0 when the server could not be reached at all.
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
 * Ask the server for `path`, below the API's address.
 *
 * `body` is sent as JSON, or as it is when it is a Blob.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  method: Method,
  path: string,
  body?: unknown
): Promise<T> {
  const url = URLExt.join(settings.baseUrl, 'microapps/api', path);
  const raw = body instanceof Blob;
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = raw ? body : JSON.stringify(body);
    init.headers = {
      'Content-Type': raw ? 'application/octet-stream' : 'application/json'
    };
  }
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch (error) {
    throw new Refused(
      0,
      'Unreachable',
      'The Jupyter server cannot be reached.',
      error instanceof Error ? error.message : ''
    );
  }
  const text = await response.text();
  const answer = parsed(text);
  if (!response.ok) {
    const fault = answer as Partial<Fault & { message: string }> | null;
    throw new Refused(
      response.status,
      fault?.error ?? String(response.status),
      fault?.what ?? fault?.message ?? response.statusText,
      fault?.hint ?? ''
    );
  }
  return answer as T;
}

/** What a person should read of whatever was thrown. */
export function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // A proxy's page, not ours: the status says enough.
  }
}
