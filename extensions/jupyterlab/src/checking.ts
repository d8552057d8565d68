/** Checking an app again. The server tells of it as it goes, for it may take longer than a proxy waits for an answer. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Fault, Report } from './api';
import { FrameReader } from './frames';
import { refused, unreachable } from './request';
import { language } from './words';

/** The report of a fresh check. Throws `Refused`; a check whose reader is lost goes on, and the news tell of it. */
export async function checked(settings: ServerConnection.ISettings, name: string): Promise<Report> {
  const url = URLExt.join(settings.baseUrl, 'microapps/api/apps', encodeURIComponent(name), 'check');
  const headers = { Accept: 'text/event-stream', 'Accept-Language': language() };
  try {
    const response = await ServerConnection.makeRequest(url, { method: 'POST', headers }, settings);
    if (!response.ok || !response.body) {
      throw refused(response.status, await response.json().catch(() => null));
    }
    const frames = new FrameReader();
    const text = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      for (const { event, data } of frames.push(text.decode(value, { stream: !done }))) {
        if (event === 'report') {
          return JSON.parse(data) as Report;
        }
        if (event === 'fault') {
          throw refused(response.status, JSON.parse(data) as Fault);
        }
      }
      if (done) {
        throw new TypeError('the connection was cut');
      }
    }
  } catch (error) {
    throw unreachable(error);
  }
}
