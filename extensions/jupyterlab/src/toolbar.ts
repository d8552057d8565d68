/** The button on a notebook: "Make this a micro-app" for one with widgets, "Open in studio" for a micro-app. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { ToolbarButton } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Panel, type Widget } from '@lumino/widgets';

import { microappIcon } from './icons';
import { CommandIDs } from './tokens';
import { words } from './words';

/** Packages whose use makes a notebook one with widgets. */
const WIDGETS = /^\s*(?:from|import)\s+(?:ipywidgets|anywidget|bqplot|ipyleaflet|ipyvuetify|ipydatagrid)\b/m;

export type NotebookKind = 'microapp' | 'widgets' | 'other';

export function kindOf(panel: NotebookPanel): NotebookKind {
  const model = panel.content.model;
  if (!model) {
    return 'other';
  }
  if (model.getMetadata('microapps')) {
    return 'microapp';
  }
  for (const cell of model.cells) {
    if (cell.type === 'code' && WIDGETS.test(cell.sharedModel.getSource())) {
      return 'widgets';
    }
  }
  return 'other';
}

export function notebookButton(panel: NotebookPanel, commands: CommandRegistry): Widget {
  const trans = words();
  const adopt = new ToolbarButton({
    icon: microappIcon,
    label: trans.__('Make this a micro-app'),
    tooltip: trans.__('Check this notebook and take it into your micro-apps; the file stays as it is'),
    onClick: () => void commands.execute(CommandIDs.adopt, { path: panel.context.path })
  });
  const open = new ToolbarButton({
    icon: microappIcon,
    label: trans.__('Open in studio'),
    tooltip: trans.__('Use this micro-app and change it by talking'),
    onClick: () => void commands.execute(CommandIDs.openNotebook, { path: panel.context.path })
  });
  const place = new Panel();
  place.addClass('jp-MicroappsToolbar');
  place.addWidget(adopt);
  place.addWidget(open);
  const look = () => {
    if (!place.isDisposed) {
      const kind = kindOf(panel);
      adopt.setHidden(kind !== 'widgets');
      open.setHidden(kind !== 'microapp');
    }
  };
  look();
  void panel.context.ready.then(() => {
    look();
    panel.context.model.contentChanged.connect(look);
    panel.content.model?.metadataChanged.connect(look);
  });
  return place;
}
