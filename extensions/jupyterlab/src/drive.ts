/**
 * The library's notebooks as a drive of JupyterLab, so that the ordinary editor opens them as `microapps:NAME.ipynb`.
 *
 * A save says which content it stands on; the server refuses it when the revision has moved on since.
 */

import { Drive, type Contents, type ServerConnection } from '@jupyterlab/services';

import { request } from './request';
import { DRIVE } from './tokens';

export class LibraryDrive extends Drive {
  constructor(private _settings: ServerConnection.ISettings) {
    super({ name: DRIVE, serverSettings: _settings, apiEndpoint: 'microapps/api/contents' });
  }

  override async get(path: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    // Another extension's provider (such as one for editing together) knows nothing of this drive.
    const model = await super.get(path, { ...options, contentProviderId: undefined });
    if (model.hash) {
      this._hashes.set(path, model.hash);
    }
    return model;
  }

  override async save(path: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    const wish = {
      type: 'notebook',
      format: 'json',
      content: options.content as unknown,
      expected: this._hashes.get(path) ?? null
    };
    const address = `contents/${path.split('/').map(encodeURIComponent).join('/')}`;
    const model = await request<Contents.IModel>(this._settings, 'PUT', address, wish);
    if (model.hash) {
      this._hashes.set(path, model.hash);
    }
    return model;
  }

  /** The hash of what was last read or saved here. */
  private _hashes = new Map<string, string>();
}
