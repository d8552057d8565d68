/** What the panel and the commands ask of the server beyond what a document asks. */

import { ServerConnection } from '@jupyterlab/services';

import type {
  AppCard,
  KeyState,
  KeyTest,
  PublicationView,
  PublishedLink,
  PublishWish,
  VariantGroup,
  VariantsWish
} from './api';
import { StudioServer, type ExportKind } from './document/server';
import { request } from './request';

export class LibraryServer extends StudioServer {
  /** Delete this very app for good. */
  purge(app: AppCard): Promise<unknown> {
    const address = `apps/${encodeURIComponent(app.name)}?forever=true&id=${app.id}`;
    return request(this.settings, 'DELETE', address);
  }

  variants(wish: VariantsWish): Promise<VariantGroup> {
    return request(this.settings, 'POST', 'variants', wish);
  }

  /** How an app is published, with every way into it. */
  publication(name: string): Promise<PublicationView> {
    return request(this.settings, 'GET', `apps/${encodeURIComponent(name)}/publish`);
  }

  /** One more way into an app. */
  openLink(name: string, wish: PublishWish): Promise<PublishedLink> {
    const body: PublishWish = { ...wish, origin: window.location.origin };
    return request(this.settings, 'POST', `apps/${encodeURIComponent(name)}/publish`, body);
  }

  shownLink(name: string, id: number): Promise<PublishedLink> {
    const origin = encodeURIComponent(window.location.origin);
    return request(this.settings, 'GET', `apps/${encodeURIComponent(name)}/links/${id}?origin=${origin}`);
  }

  closeLink(name: string, id: number): Promise<PublicationView> {
    return request(this.settings, 'DELETE', `apps/${encodeURIComponent(name)}/links/${id}`);
  }

  setKey(key: string): Promise<KeyState> {
    return request(this.settings, 'PUT', 'key', { key });
  }

  removeKey(): Promise<KeyState> {
    return request(this.settings, 'DELETE', 'key');
  }

  testKey(): Promise<KeyTest> {
    return request(this.settings, 'POST', 'key/test');
  }

  /** The app as a file, with the name it is to be saved under. */
  async exported(name: string, to: ExportKind): Promise<{ file: Blob; name: string }> {
    const response = await ServerConnection.makeRequest(this.exportUrl(name, to), {}, this.settings);
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
    const endings: Record<ExportKind, string> = { notebook: 'ipynb', html: 'html', zip: 'zip', app: 'app.ipynb' };
    return { file: await response.blob(), name: `${name}.${endings[to]}` };
  }
}
