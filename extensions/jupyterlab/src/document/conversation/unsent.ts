/**
 * What a person is about to say of an app: words, parts of the app that were pointed at, files. The words wait in this
 * browser tab's own store while the page is loaded anew.
 */

import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { DataPath, Reference } from '../../api';
import { Attachments, type IFile } from '../../attachments';
import { keep, kept } from '../../kept';
import type { StudioServer } from '../server';

const KEPT = 'unsent:';

/** A message as it is sent. */
export interface IMessage {
  text: string;
  references: Reference[];
  data: (string | DataPath)[];
}

/** What was taken to be sent, and can be put back. */
export interface ITaken extends IMessage {
  files: readonly IFile[];
}

export class Unsent {
  constructor(server: StudioServer, contents: Contents.IManager) {
    this.attachments = new Attachments(server, contents);
    this.attachments.changed.connect(() => this.changed.emit());
  }

  readonly changed = new Signal<this, void>(this);
  /** The person wants to type; true where the field has to be brought in sight for it. */
  readonly wanted = new Signal<this, boolean>(this);
  readonly attachments: Attachments;

  text = '';
  references: readonly Reference[] = [];
  /** The field is to take the cursor and has not yet. */
  cursorDue = false;

  /** What is typed from now on is about this app, or a job; what was typed before and kept comes back. */
  about(app: string): void {
    if (this._app && this._app !== app) {
      keep(KEPT + this._app, null);
    }
    this._app = app;
    if (this.text) {
      keep(KEPT + app, this.text);
    } else {
      this.text = kept<string>(KEPT + app) ?? '';
    }
  }

  setText(text: string): void {
    this.text = text;
    if (this._app) {
      keep(KEPT + this._app, text || null);
    }
    this.changed.emit();
  }

  /** Let the field take the cursor, now or as soon as it is there and in sight. */
  want(inSight: boolean): void {
    this.cursorDue = true;
    this.wanted.emit(inSight);
  }

  /** Put something into the field for the person to finish, and the cursor behind it. */
  propose(text: string): void {
    this.setText(text);
    this.want(true);
  }

  addReference(reference: Reference): void {
    const same = (other: Reference) =>
      other.label === reference.label &&
      other.variable === reference.variable &&
      other.cell === reference.cell;
    if (!this.references.some(same)) {
      this.references = [...this.references, reference];
    }
    this.changed.emit();
    this.want(true);
  }

  removeReference(reference: Reference): void {
    this.references = this.references.filter(other => other !== reference);
    this.changed.emit();
    this.want(true);
  }

  /** All of it, to be sent; nothing is left. */
  take(): ITaken {
    const { data, files } = this.attachments;
    const taken = { text: this.text.trim(), references: [...this.references], data, files };
    this.references = [];
    this.attachments.put([]);
    this.setText('');
    return taken;
  }

  /** What could not be sent, before what was typed meanwhile. */
  putBack(taken: ITaken): void {
    this.references = [...taken.references, ...this.references];
    this.attachments.put([...taken.files, ...this.attachments.files]);
    this.setText(this.text ? `${taken.text}\n${this.text}` : taken.text);
  }

  private _app = '';
}
