/** What differs between two revisions: in a sentence, then permissions, criteria and the code. */

import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CellView } from '../conversation/items';
import type { DocumentModel } from '../model';
import { useLoaded, useTrans } from '../react';
import { Pending } from './tabs';

export function Comparison(props: {
  model: DocumentModel;
  old: number;
  now: number;
  onClose: () => void;
}): React.JSX.Element {
  const { model, old, now } = props;
  const trans = useTrans();
  const loaded = useLoaded(
    () => model.server.difference(model.name, old, now),
    [model.name, old, now]
  );
  const { value } = loaded;
  const heading = React.useId();
  return (
    <section className="jp-MicroappsComparison" aria-labelledby={heading}>
      <div className="jp-MicroappsTab-head">
        <h3 id={heading}>
          {trans.__('From revision %1 to revision %2', old, now)}
        </h3>
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-icon"
          aria-label={trans.__('Close the comparison')}
          onClick={props.onClose}
        >
          <closeIcon.react tag="span" />
        </button>
      </div>
      <Pending of={loaded} words={trans.__('Comparing…')} />
      {value && (
        <>
          <p>{value.summary}</p>
          <Changes
            title={trans.__('Permissions')}
            added={value.permissions_added}
            removed={value.permissions_removed}
          />
          <Changes
            title={trans.__('What the app must do')}
            added={[
              ...value.criteria_added.map(criterion => criterion.text),
              ...value.criteria_changed.map(pair => pair.new.text)
            ]}
            removed={[
              ...value.criteria_removed.map(criterion => criterion.text),
              ...value.criteria_changed.map(pair => pair.old.text)
            ]}
          />
          <Changes
            title={trans.__('Title and description')}
            added={value.metadata.map(field => field.new)}
            removed={value.metadata.map(field => field.old)}
          />
          {value.cells.map(cell => (
            <CellView key={cell.id} cell={cell} />
          ))}
        </>
      )}
    </section>
  );
}

function Changes(props: {
  title: string;
  added: readonly string[];
  removed: readonly string[];
}): React.JSX.Element | null {
  const trans = useTrans();
  const lines = [
    ...props.removed.map(text => ({ sign: '−', name: 'removed', text })),
    ...props.added.map(text => ({ sign: '+', name: 'added', text }))
  ].filter(line => line.text);
  if (!lines.length) {
    return null;
  }
  return (
    <>
      <h4>{props.title}</h4>
      <ul className="jp-MicroappsChanges">
        {lines.map(({ sign, name, text }) => (
          <li key={`${sign} ${text}`} className={`jp-mod-${name}`}>
            <span aria-hidden="true">{sign}</span>
            <span className="jp-Microapps-hidden">
              {name === 'added' ? trans.__('added:') : trans.__('removed:')}
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
