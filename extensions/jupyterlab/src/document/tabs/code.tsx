/** The notebook behind the app: to read here, or to edit in JupyterLab's own editor. */

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import * as React from 'react';

import { Button } from '../buttons';
import type { DocumentModel } from '../model';
import { roleWord } from '../phrases';
import { useLoaded, useTrans } from '../react';
import { Prose } from '../conversation/items';
import { Pending } from './tabs';

interface ICell {
  id: string;
  type: string;
  role: string;
  source: string;
}

export function CodeTab(props: {
  model: DocumentModel;
  languages: IEditorLanguageRegistry | null;
  onEdit: (path: string) => void;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const current = model.detail?.current;
  const loaded = useLoaded(
    async () =>
      current ? model.server.revision(model.name, current) : null,
    [model.name, current]
  );
  const { value } = loaded;
  const cells = React.useMemo(
    () => (value ? cellsOf(value.notebook) : []),
    [value]
  );
  return (
    <div className="jp-MicroappsTab">
      <div className="jp-MicroappsTab-head">
        <p className="jp-Microapps-quiet">
          {trans.__(
            'The app is one plain notebook. What you change by hand becomes a revision, and is checked.'
          )}
        </p>
        <Button
          look="primary"
          disabled={!model.detail}
          onClick={() => model.detail && props.onEdit(model.detail.notebook)}
        >
          {trans.__('Open the notebook')}
        </Button>
      </div>
      <Pending of={loaded} words={trans.__('Reading the notebook…')} />
      {cells.map(cell => (
        <section
          key={cell.id}
          className="jp-MicroappsSource"
          aria-label={cell.id}
        >
          <h3>
            <code>{cell.id}</code>{' '}
            {cell.role && cell.role !== cell.id && (
              <span className="jp-Microapps-quiet">
                {roleWord(trans, cell.role)}
              </span>
            )}
          </h3>
          {cell.type === 'markdown' ? (
            <Prose text={cell.source} />
          ) : (
            <Source source={cell.source} languages={props.languages} />
          )}
        </section>
      ))}
    </div>
  );
}

/** Code in the colours of JupyterLab's editor; plain until they are there. */
function Source(props: {
  source: string;
  languages: IEditorLanguageRegistry | null;
}): React.JSX.Element {
  const { source, languages } = props;
  const element = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    const target = element.current;
    if (!target) {
      return;
    }
    const coloured = document.createElement('div');
    let current = true;
    target.textContent = source;
    const language = languages?.findByName('python');
    if (languages && language) {
      void languages.highlight(source, language, coloured).then(() => {
        if (current) {
          target.replaceChildren(...coloured.childNodes);
        }
      });
    }
    return () => {
      current = false;
    };
  }, [source, languages]);
  return (
    <pre className="jp-MicroappsPlain cm-s-jupyter" tabIndex={0}>
      <code ref={element} />
    </pre>
  );
}

/** The cells of a notebook, read with care: it is nbformat 4.5 as the server sends it. */
function cellsOf(notebook: Record<string, unknown>): ICell[] {
  const cells = Array.isArray(notebook.cells) ? notebook.cells : [];
  return cells.map((cell, at) => {
    const { id, cell_type, source, metadata } = cell as Record<string, any>;
    return {
      id: String(id ?? at),
      type: String(cell_type ?? 'code'),
      role: String(metadata?.microapps?.role ?? ''),
      source: Array.isArray(source) ? source.join('') : String(source ?? '')
    };
  });
}
