/** Files that go with a request: each is sent to the server as soon as it is attached. */

import type { Contents } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { DataPath } from './api';
import type { IAttachment } from './components/composer';
import type { StudioServer } from './document/server';
import { told } from './request';
import { words } from './words';

/** Drives of files that are in the Jupyter server's own folder: its own, and that of notebooks edited together. */
const OWN_DRIVES = new Set(['', 'RTC']);

export interface IFile extends IAttachment {
  /** What a request names it by; null while it is not there. */
  sent: string | DataPath | null;
}

export class Attachments {
  constructor(
    private _server: StudioServer,
    private _contents: Contents.IManager
  ) {}

  readonly changed = new Signal<this, void>(this);
  /** Why a file could not be taken away again. */
  readonly failed = new Signal<this, string>(this);

  files: readonly IFile[] = [];

  /** What a request is to name. */
  get data(): (string | DataPath)[] {
    return this.files.flatMap(file => (file.sent === null ? [] : [file.sent]));
  }

  async attach(files: readonly File[]): Promise<void> {
    await Promise.all(
      files.map(file => this._add(file.name, async () => (await this._server.upload(file)).id))
    );
  }

  /** Attach files that JupyterLab shows, by their paths there. */
  async attachPaths(paths: readonly string[]): Promise<void> {
    await Promise.all(
      paths.map(path => this._add(path.split('/').pop() ?? path, () => this._found(path)))
    );
  }

  detach(key: string): void {
    const file = this.files.find(other => other.key === key);
    this.put(this.files.filter(other => other !== file));
    if (typeof file?.sent === 'string') {
      this._server.detach(file.sent).catch((error: unknown) => this.failed.emit(told(error)));
    }
  }

  /** These, and no others: such as none, once they are sent. */
  put(files: readonly IFile[]): void {
    this.files = files;
    this.changed.emit();
  }

  private async _add(name: string, send: () => Promise<string | DataPath>): Promise<void> {
    const key = UUID.uuid4(); // One that is kept comes back into another page.
    this.put([...this.files, { key, name, state: 'sending', sent: null }]);
    try {
      this._settle(key, { state: 'ready', sent: await send() });
    } catch (error) {
      this._settle(key, { state: 'failed', what: told(error) });
    }
  }

  private _settle(key: string, change: Partial<IFile>): void {
    this.put(this.files.map(file => (file.key === key ? { ...file, ...change } : file)));
  }

  /** What to send for a path: itself where the server has the file, else its bytes. */
  private async _found(path: string): Promise<string | DataPath> {
    const contents = this._contents;
    const { type, name } = await contents.get(path, { content: false });
    if (type === 'directory') {
      throw new Error(words().__('This is a folder. Attach the files in it.'));
    }
    if (OWN_DRIVES.has(contents.driveName(path))) {
      return { path: contents.localPath(path) };
    }
    const { content } = await contents.get(path, { content: true, type: 'file', format: 'base64' });
    const bytes = Uint8Array.from(atob(String(content)), letter => letter.charCodeAt(0));
    return (await this._server.upload(new File([bytes], name))).id;
  }
}
