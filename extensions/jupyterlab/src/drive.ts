/**
 * The library's notebooks as a drive of JupyterLab, so that the ordinary editor opens them as `microapps:NAME.ipynb`.
 *
 * A save says which content it stands on; the server refuses it when the revision has moved on since.
 */

import { ContentProviderRegistry, Drive, type Contents, type ServerConnection } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import { request } from './request';
import { DRIVE } from './tokens';

/**
 * The drive reads and saves by itself, as ever: the history of its notebooks is the library's.
 *
 * Where notebooks are edited together (jupyter-collaboration), the editor asks every drive for that extension's
 * provider by name, and opens nothing on one that does not know it.
 */
class NoProviders extends ContentProviderRegistry {
  override getProvider(): null {
    return null;
  }
}

export class LibraryDrive extends Drive {
  constructor(private _settings: ServerConnection.ISettings) {
    super({ name: DRIVE, serverSettings: _settings, apiEndpoint: 'microapps/api/contents' });
    super.fileChanged.connect((_, change) => this._told.emit(change));
  }

  override readonly contentProviderRegistry = new NoProviders();

  override get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._told;
  }

  /** The app has another name now: notebooks of it that are open follow. */
  moved(was: string, now: string): void {
    const [before, after] = [was, now].map(name => `${name}.ipynb`);
    const hash = this._hashes.get(before);
    if (hash !== undefined) {
      this._hashes.delete(before);
      this._hashes.set(after, hash);
    }
    this._told.emit({
      type: 'rename',
      oldValue: { path: before, name: before },
      newValue: { path: after, name: after }
    });
  }

  /** What was read here or saved, and may be open. */
  get read(): string[] {
    return [...this._hashes.keys()];
  }

  override async get(path: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    const model = await super.get(path, options);
    // JupyterLab also looks without reading, before each save: what it did not read, a save does not stand on.
    if (model.hash && options?.content !== false) {
      this._hashes.set(path, model.hash);
    }
    return model;
  }

  /** What is open here is to be kept over the content of that hash, which the person knows of. */
  keepOver(path: string, hash: string): void {
    this._hashes.set(path, hash);
  }

  override async save(path: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    const wish = {
      type: 'notebook',
      format: 'json',
      content: options.content as unknown,
      expected: this._hashes.get(path) ?? null
    };
    const address = `contents/${path.split('/').map(encodeURIComponent).join('/')}`;
    const saving = request<Contents.IModel>(this._settings, 'PUT', address, wish).then(model => {
      if (model.hash) {
        this._hashes.set(path, model.hash);
      }
      return model;
    });
    this._saving.set(path, saving);
    return saving;
  }

  /** The hash of what was last read or saved here, once what is on its way there has arrived. */
  async known(path: string): Promise<string | undefined> {
    await this._saving.get(path)?.catch(() => undefined); // Whoever saves is told of it.
    return this._hashes.get(path);
  }

  private _told = new Signal<this, Contents.IChangedArgs>(this);
  private _saving = new Map<string, Promise<Contents.IModel>>();
  /** The hash of what was last read or saved here. */
  private _hashes = new Map<string, string>();
}
