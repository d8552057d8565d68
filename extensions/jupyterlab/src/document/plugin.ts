/** Opens studio documents and variants in the main area, and brings them back after a reload. */

import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import { confirmed, pickedData } from '../dialogs';
import { microappIcon } from '../icons';
import { CommandIDs, DRIVE, IMicroappsStudio } from '../tokens';
import { mark, words } from '../words';
import { followAddress } from './address';
import { StudioContent, studioDocument } from './content';
import { DocumentModel, TABS, type Tab } from './model';
import { followQuery, keepPlace, narrow, renameQuery, sentElsewhere, show } from './place';
import { StudioServer } from './server';
import type { ISurroundings } from './studio';
import { VariantsModel } from './variants/model';
import { Variants } from './variants/variants';

type StudioWidget = MainAreaWidget<StudioContent>;

class VariantsContent extends ReactWidget {
  constructor(readonly model: VariantsModel) {
    super();
    mark(this.node);
    this.addClass('jp-MicroappsDocument');
  }

  override render(): React.JSX.Element {
    return React.createElement(Variants, { model: this.model });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }
}

export const documents: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-microapps:documents',
  description: 'The studio documents: a conversation and its live app.',
  autoStart: true,
  requires: [IMicroappsStudio],
  optional: [
    ILayoutRestorer,
    IThemeManager,
    IDocumentManager,
    IEditorLanguageRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    studio: IMicroappsStudio,
    restorer: ILayoutRestorer | null,
    themes: IThemeManager | null,
    manager: IDocumentManager | null,
    languages: IEditorLanguageRegistry | null
  ) => {
    followAddress(app);
    followQuery(app);
    const trans = words();
    const server = new StudioServer(app.serviceManager.serverSettings);
    const { contents } = app.serviceManager;
    const { news } = studio.model;
    const open = new WidgetTracker<StudioWidget>({
      namespace: 'microapps-documents'
    });
    const variants = new WidgetTracker<MainAreaWidget<VariantsContent>>({
      namespace: 'microapps-variants'
    });
    let count = 0;

    const surroundings = (model: DocumentModel): ISurroundings => ({
      languages,
      editNotebook: path =>
        void app.commands.execute('docmanager:open', {
          path: path.startsWith(`${DRIVE}:`) ? path : `${DRIVE}:${path}`,
          factory: 'Notebook',
          options: {
            mode: narrow() ? 'tab-after' : 'split-right',
            ref: open.find(widget => widget.content.model === model)?.id
          }
        }),
      fork: () =>
        void app.commands.execute(CommandIDs.fork, { name: model.name }),
      restore: () => void model.restore(),
      keyFor: error =>
        error === 'ModelRejected' || studio.model.status?.writes === false
          ? () => void app.commands.execute(CommandIDs.key)
          : null,
      pickFiles: manager ? () => pickedData(manager) : null,
      confirm: confirmed
    });

    const dark = () =>
      themes?.theme ? !themes.isLight(themes.theme) : false;

    const make = (name: string, job: string): StudioWidget => {
      const model = new DocumentModel({
        server,
        contents,
        trans,
        news,
        app: name,
        job
      });
      const content = new StudioContent(model, surroundings(model));
      const widget = studioDocument(content, app.commands, trans, microappIcon);
      widget.id = `jp-microapps-document-${++count}`;
      model.page.setDark(dark());
      themes?.themeChanged.connect(() => {
        if (!model.isDisposed) {
          model.page.setDark(dark());
        }
      });
      let asked = { name, job };
      model.moved.connect(() => {
        const now = model.name ? { name: model.name } : { job: model.job };
        renameQuery(asked, now);
        asked = { name: '', job: '', ...now };
        void open.save(widget).then(() => keepPlace(app, restorer));
      });
      return widget;
    };

    app.commands.addCommand(CommandIDs.open, {
      label: trans.__('Open in the studio'),
      describedBy: { args: described('name', 'job', 'tab') },
      isVisible: args => !!(args.name || args.job),
      execute: args => {
        const { name, job } = { name: text(args, 'name'), job: text(args, 'job') };
        if ((!name && !job) || sentElsewhere(app, { name, job })) {
          return undefined;
        }
        const known = open.find(({ content: { model } }) =>
          name ? model.name === name : model.job === job
        );
        const widget = known ?? make(name, job);
        const tab = TABS.find(tab => tab === args.tab);
        if (tab) {
          widget.content.model.setTab(tab satisfies Tab);
        }
        show(app, widget);
        if (!known) {
          void open.add(widget); // It waits for the restoration, which waits for this.
        }
        return widget;
      }
    });

    app.commands.addCommand(CommandIDs.variants, {
      label: trans.__('Show the variants side by side'),
      describedBy: { args: described('group') },
      isVisible: args => !!args.group,
      execute: args => {
        const group = text(args, 'group');
        if (!group || sentElsewhere(app, { group })) {
          return undefined;
        }
        const known = variants.find(
          widget => widget.content.model.group === group
        );
        const widget = known ?? makeVariants(group);
        show(app, widget);
        if (!known) {
          void variants.add(widget);
        }
        return widget;
      }
    });

    const makeVariants = (group: string) => {
      const model = new VariantsModel({ server, contents, trans, news, group });
      const widget = new MainAreaWidget({
        content: new VariantsContent(model)
      });
      widget.id = `jp-microapps-variants-${++count}`;
      widget.title.label = trans.__('Variants');
      widget.title.icon = microappIcon;
      widget.title.closable = true;
      widget.toolbar.hide();
      model.changed.connect(() => {
        widget.title.caption = model.request;
      });
      model.kept.connect((_, name) => {
        void app.commands.execute(CommandIDs.open, { name });
        widget.dispose();
      });
      return widget;
    };

    if (restorer) {
      void restorer.restore(open, {
        command: CommandIDs.open,
        args: ({ content: { model } }) => ({
          name: model.name,
          job: model.name ? '' : model.job
        }),
        name: ({ content: { model } }) => model.name || model.job
      });
      void restorer.restore(variants, {
        command: CommandIDs.variants,
        args: ({ content: { model } }) => ({ group: model.group }),
        name: ({ content: { model } }) => model.group
      });
    }
  }
};

function text(args: ReadonlyPartialJSONObject, key: string): string {
  return typeof args[key] === 'string' ? args[key] : '';
}

function described(...names: string[]) {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, { type: 'string' }]))
  };
}
