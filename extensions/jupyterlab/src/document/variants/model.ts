/** Two or three jobs that answer one request: each is a document of its own until one is kept. */

import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { News } from '../../api';
import { refusalOf, told } from '../../request';
import { DocumentModel } from '../model';
import type { StudioServer } from '../server';

export interface IVariantsOptions {
  server: StudioServer;
  contents: Contents.IManager;
  trans: TranslationBundle;
  news: ISignal<unknown, News>;
  group: string;
}

export class VariantsModel implements IDisposable {
  constructor(private _options: IVariantsOptions) {
    this.group = _options.group;
    void this._read();
  }

  readonly changed = new Signal<this, void>(this);
  /** The name of the app that was kept. */
  readonly kept = new Signal<this, string>(this);

  readonly group: string;
  request = '';
  columns: DocumentModel[] = [];
  keeping = false;
  fault = '';

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    for (const column of this.columns) {
      column.dispose();
    }
    Signal.clearData(this);
  }

  /** Keep one; the other apps go to the trash. */
  async keep(column: DocumentModel): Promise<void> {
    this.keeping = true;
    this._tell();
    this.fault = await refusalOf(async () => {
      const { app } = await this._options.server.keep(this.group, column.job);
      this.kept.emit(app);
    });
    this.keeping = false;
    this._tell();
  }

  private async _read(): Promise<void> {
    const { server, contents, trans, news } = this._options;
    try {
      const group = await server.group(this.group);
      if (this._disposed) {
        return;
      }
      this.request = group.request;
      this.columns = group.jobs.map(
        job =>
          new DocumentModel({
            server,
            contents,
            trans,
            news,
            job: job.id,
            silent: true
          })
      );
      if (group.kept) {
        const kept = group.jobs.find(job => job.id === group.kept);
        if (kept?.app) {
          this.kept.emit(kept.app);
        }
      }
    } catch (error) {
      this.fault = told(error);
    }
    this._tell();
  }

  private _tell(): void {
    if (!this._disposed) {
      this.changed.emit();
    }
  }

  private _disposed = false;
}
