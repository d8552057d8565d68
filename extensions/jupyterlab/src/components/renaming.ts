/** What an app is called: its title, which people read, and its name, which addresses and commands have. */

import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { AppCard, RenameWish } from '../api';
import { mark } from '../words';

/** The dialog's two fields. Its value holds what is other than it was. */
export class Renaming extends Widget implements Dialog.IBodyWidget<RenameWish> {
  constructor(
    private _app: AppCard,
    trans: TranslationBundle
  ) {
    super();
    mark(this.node);
    this.addClass('jp-MicroappsRenaming');
    this._title = this._field(trans.__('Its title'), _app.title, 200);
    this._name = this._field(trans.__('Its short name, in addresses and on the command line'), _app.name, 64);
  }

  getValue(): RenameWish {
    const [title, name] = [this._title, this._name].map(field => field.value.trim());
    const wish: RenameWish = {};
    if (title && title !== this._app.title) {
      wish.title = title;
    }
    if (name && name !== this._app.name) {
      wish.name = name;
    }
    return wish;
  }

  private _field(said: string, value: string, longest: number): HTMLInputElement {
    const label = document.createElement('label');
    label.textContent = said;
    const field = document.createElement('input');
    field.className = 'jp-MicroappsField';
    field.maxLength = longest;
    field.value = value;
    label.append(field);
    this.node.append(label);
    return field;
  }

  private _title: HTMLInputElement;
  private _name: HTMLInputElement;
}
