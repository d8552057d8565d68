/** What a person is about to ask for in the panel: its words, the files that go with it, and how it is to be answered. */

import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { DataPath, JobView, Speed, StarterChoice, VariantGroup } from './api';
import type { IAttachment } from './components/composer';
import type { LibraryServer } from './library';
import { told } from './request';
import { words } from './words';

/** Where the words wait while the page is loaded anew. */
const KEPT = 'jupyterlab-microapps:draft';

/** Drives of files that are in the Jupyter server's own folder: its own, and that of notebooks edited together. */
const OWN_DRIVES = new Set(['', 'RTC']);

interface IFile extends IAttachment {
  sent: string | DataPath | null;
}

export type Maker = Speed | 'offline' | '';

export class Draft {
  constructor(
    private _server: LibraryServer,
    private _contents: Contents.IManager
  ) {
    this.text = kept();
  }

  readonly changed = new Signal<this, void>(this);
  /** The person wants to type: the field takes the cursor. */
  readonly wanted = new Signal<this, void>(this);
  /** A job, or several, began. */
  readonly began = new Signal<this, JobView | VariantGroup>(this);

  /** The field is to take the cursor, and has not yet. */
  waiting = false;
  text: string;
  files: IFile[] = [];
  /** Who writes it; empty for the speed that is set. */
  maker: Maker = '';
  /** How many answers are made to choose from. */
  answers = 1;
  starter: StarterChoice | null = null;
  sending = false;
  fault = '';

  set(change: Partial<Pick<Draft, 'text' | 'maker' | 'answers' | 'starter' | 'fault'>>): void {
    Object.assign(this, change);
    keep(this.text);
    this.changed.emit();
  }

  propose(text: string): void {
    this.set({ text });
    this.want();
  }

  /** Put the cursor into the field; as soon as it is seen, where it is not yet. */
  want(): void {
    this.waiting = true;
    this.wanted.emit();
  }

  take(starter: StarterChoice): void {
    this.set({ starter, text: this.text.trim() ? this.text : starter.title });
    this.want();
  }

  async attach(files: readonly File[]): Promise<void> {
    await Promise.all(
      files.map(async file => {
        const key = `file-${++this._count}`;
        this._add({ key, name: file.name, state: 'sending', sent: null });
        try {
          const { id } = await this._server.upload(file);
          this._settle(key, { state: 'ready', sent: id });
        } catch (error) {
          this._settle(key, { state: 'failed', what: told(error) });
        }
      })
    );
  }

  /** Attach files that JupyterLab shows, by their paths there. */
  async attachPaths(paths: readonly string[]): Promise<void> {
    await Promise.all(
      paths.map(async path => {
        const name = path.split('/').pop() ?? path;
        const key = `file-${++this._count}`;
        this._add({ key, name, state: 'sending', sent: null });
        try {
          this._settle(key, { state: 'ready', sent: await this._found(path) });
        } catch (error) {
          this._settle(key, { state: 'failed', what: told(error) });
        }
      })
    );
  }

  detach(key: string): void {
    const file = this.files.find(other => other.key === key);
    this.files = this.files.filter(other => other !== file);
    this.changed.emit();
    if (typeof file?.sent === 'string') {
      this._server.detach(file.sent).catch((error: unknown) => this.set({ fault: told(error) }));
    }
  }

  async send(): Promise<void> {
    const request = this.text.trim();
    if (!request || this.sending) {
      return;
    }
    const data = this.files.flatMap(file => (file.sent === null ? [] : [file.sent]));
    const offline = this.maker === 'offline';
    const speed = this.maker === 'offline' ? '' : this.maker;
    this.sending = true;
    this.set({ fault: '' });
    try {
      const begun =
        this.answers > 1 && !offline && !this.starter
          ? await this._server.variants({ request, data, speed, count: this.answers })
          : await this._server.begin({
              action: 'make',
              request,
              data,
              speed,
              offline,
              starter: this.starter?.name ?? ''
            });
      this.files = [];
      this.set({ text: '', starter: null });
      this.began.emit(begun);
    } catch (error) {
      this.set({ fault: told(error) });
    } finally {
      this.sending = false;
      this.changed.emit();
    }
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

  private _add(file: IFile): void {
    this.files = [...this.files, file];
    this.changed.emit();
  }

  private _settle(key: string, change: Partial<IFile>): void {
    this.files = this.files.map(file => (file.key === key ? { ...file, ...change } : file));
    this.changed.emit();
  }

  private _count = 0;
}

function kept(): string {
  try {
    return window.sessionStorage.getItem(KEPT) ?? '';
  } catch {
    return ''; // A browser that stores nothing: the words last as long as the page.
  }
}

function keep(text: string): void {
  try {
    window.sessionStorage.setItem(KEPT, text);
  } catch {
    // See above.
  }
}
