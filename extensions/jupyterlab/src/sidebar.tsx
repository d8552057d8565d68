/** The panel as a widget of JupyterLab's sidebar, which also takes files that are dragged from the file browser. */

import { ReactWidget } from '@jupyterlab/ui-components';
import type { Drag } from '@lumino/dragdrop';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { Panel } from './components/panel';
import type { IPanelProps } from './components/react';
import { microappIcon } from './icons';
import { PANEL_ID } from './tokens';
import { mark } from './words';

/** What JupyterLab's file browser drags. */
const DRAGGED = 'application/x-jupyter-icontents';
const DRAG_EVENTS = ['lm-dragenter', 'lm-dragover', 'lm-dragleave', 'lm-drop'];

/** While something that can be dropped is over the panel. */
const TARGET = 'jp-mod-dropTarget';

/** What of the panel is open. */
export class PanelView {
  readonly changed = new Signal<this, void>(this);
  tab: 'apps' | 'jobs' = 'apps';
  keyShown = false;

  show(tab: 'apps' | 'jobs'): void {
    this.tab = tab;
    this.changed.emit();
  }

  showKey(shown: boolean): void {
    this.keyShown = shown;
    this.changed.emit();
  }
}

export class Sidebar extends ReactWidget {
  constructor(private _props: IPanelProps) {
    super();
    const { trans } = _props;
    this.id = PANEL_ID;
    mark(this.node);
    this.addClass('jp-MicroappsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Micro-apps'));
    this.title.icon = microappIcon;
    this.title.caption = trans.__('Micro-apps');
  }

  readonly view = new PanelView();

  override render(): React.JSX.Element {
    return <Panel {...this._props} view={this.view} />;
  }

  handleEvent(event: Event): void {
    const drag = event as Drag.Event;
    if (!drag.mimeData?.hasData(DRAGGED)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.toggleClass(TARGET, event.type === 'lm-dragenter' || event.type === 'lm-dragover');
    if (event.type === 'lm-dragover') {
      drag.dropAction = drag.proposedAction;
    } else if (event.type === 'lm-drop') {
      drag.dropAction = drag.proposedAction;
      void this._props.draft.attachments.attachPaths(drag.mimeData.getData(DRAGGED) as string[]);
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._props.draft.wanted.emit();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    DRAG_EVENTS.forEach(kind => this.node.addEventListener(kind, this));
  }

  protected override onBeforeDetach(message: Message): void {
    DRAG_EVENTS.forEach(kind => this.node.removeEventListener(kind, this));
    super.onBeforeDetach(message);
  }
}
