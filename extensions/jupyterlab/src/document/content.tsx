/** A studio document as a widget of JupyterLab's main area, with its toolbar. */

import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  copyIcon,
  downloadIcon,
  editIcon,
  ReactWidget,
  redoIcon,
  shareIcon,
  ToolbarButton,
  undoIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Menu } from '@lumino/widgets';
import * as React from 'react';

import { CommandIDs } from '../tokens';
import { mark } from '../words';
import type { DocumentModel } from './model';
import { Studio, type ISurroundings } from './studio';

/** Characters of a title that fit on a tab. */
const TITLE = 40;

export class StudioContent extends ReactWidget {
  constructor(
    readonly model: DocumentModel,
    private _around: ISurroundings
  ) {
    super();
    mark(this.node);
    this.addClass('jp-MicroappsDocument');
  }

  override render(): React.JSX.Element {
    return <Studio model={this.model} around={this._around} />;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const focused = document.activeElement;
    if (focused === this.node || !this.node.contains(focused)) {
      this.model.conversation.unsent.want(false);
    }
  }
}

/** The document with its toolbar; `commands` do what its buttons say. */
export function studioDocument(
  content: StudioContent,
  commands: CommandRegistry,
  trans: TranslationBundle,
  icon: LabIcon
): MainAreaWidget<StudioContent> {
  const { model } = content;
  const widget = new MainAreaWidget({ content });
  widget.title.icon = icon;
  widget.title.closable = true;
  widget.toolbar.addClass('jp-MicroappsDocument-toolbar');
  const run = (command: string, args: Record<string, string> = {}) =>
    void commands
      .execute(command, { name: model.name, ...args })
      .then(() => model.read());
  const menu = exportMenu(model, commands, trans);
  const add = (
    name: string,
    icon: LabIcon,
    label: string,
    tooltip: string,
    onClick: () => void
  ): ToolbarButton => {
    const button = new ToolbarButton({
      icon,
      label,
      tooltip,
      onClick,
      enabled: false
    });
    widget.toolbar.addItem(name, button);
    return button;
  };
  const undo = add(
    'undo',
    undoIcon,
    '',
    trans.__('Undo: back to the revision before'),
    () => run(CommandIDs.undo)
  );
  const redo = add('redo', redoIcon, '', trans.__('Redo'), () =>
    run(CommandIDs.redo)
  );
  const whole = [
    add(
      'fork',
      copyIcon,
      trans.__('Fork'),
      trans.__('A copy to change, as it is now'),
      () => run(CommandIDs.fork)
    ),
    add(
      'rename',
      editIcon,
      trans.__('Rename'),
      trans.__('Give the app another name'),
      () => run(CommandIDs.rename)
    ),
    add(
      'export',
      downloadIcon,
      trans.__('Export'),
      trans.__('Save the app as a file'),
      () => {
        const { left, bottom } = (
          document.activeElement ?? widget.toolbar.node
        ).getBoundingClientRect();
        menu.open(left, bottom);
      }
    ),
    add(
      'publish',
      shareIcon,
      trans.__('Publish'),
      trans.__('Give the app a link for others'),
      () => run(CommandIDs.publish)
    )
  ];
  const look = () => {
    const { detail, title } = model;
    const there = model.state === 'ready' && detail !== null;
    undo.enabled = there && detail.can_undo;
    redo.enabled = there && detail.can_redo;
    for (const button of whole) {
      button.enabled = there;
    }
    const name = title || trans.__('New micro-app');
    widget.title.label =
      name.length > TITLE ? `${name.slice(0, TITLE - 1)}…` : name;
    widget.title.caption = detail
      ? `${name}\n${detail.description}\n${detail.name}`
      : name;
  };
  model.changed.connect(look);
  model.conversation.changed.connect(look);
  widget.disposed.connect(() => menu.dispose());
  look();
  return widget;
}

function exportMenu(
  model: DocumentModel,
  commands: CommandRegistry,
  trans: TranslationBundle
): Menu {
  const menu = new Menu({ commands });
  menu.aboutToClose.connect(() => menu.clearItems());
  const open = menu.open.bind(menu);
  // The arguments hold the name that the app has when the menu is opened.
  menu.open = (...place) => {
    for (const to of ['notebook', 'html', 'zip', 'app']) {
      menu.addItem({
        command: CommandIDs.exportApp,
        args: { name: model.name, to }
      });
    }
    open(...place);
  };
  menu.title.label = trans.__('Export');
  return menu;
}
