/** What the app asks for and what it was given, to grant or take back; and what it tried to reach. */

import * as React from 'react';

import { Button } from '../buttons';
import type { AccessRow, PermissionItem, Permissions } from '../../api';
import { useFocusKept } from '../../drawing';
import type { DocumentModel } from '../model';
import { moment, sentences } from '../phrases';
import { useLoaded, useTrans } from '../react';
import { useOutdated, useReturn } from './fresh';
import { Pending } from './tabs';

export function PermissionsTab(props: {
  model: DocumentModel;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const keys = [model.name, model.detail?.current];
  const state = useLoaded(() => model.server.permissions(model.name), keys);
  const tried = useLoaded(() => model.server.accesses(model.name), keys);
  useOutdated(model, ['permissions', 'changed'], state.again);
  useReturn(model, 'permissions', tried.again);
  const permit = async (
    action: 'grant' | 'revoke',
    permissions: Permissions
  ) => {
    await model.attempt(() =>
      model.server.permit(model.name, action, permissions)
    );
    state.again();
  };
  const items = state.value?.sentences ?? [];
  const missing = items.filter(item => item.asked && !item.granted);
  const tab = useFocusKept<HTMLDivElement>();
  return (
    <div ref={tab} tabIndex={-1} className="jp-MicroappsTab">
      <p className="jp-Microapps-quiet">
        {trans.__(
          'An app reaches nothing but its own storage, unless you allow it here. What you allow holds for what the app asks for as it is now.'
        )}
      </p>
      <Pending of={state} words={trans.__('Reading the permissions…')} />
      {state.value && !items.length && (
        <p>{trans.__('It asks for nothing.')}</p>
      )}
      {missing.length > 1 && (
        <p>
          <Button
            look="primary"
            onClick={() => void permit('grant', together(missing))}
          >
            {trans.__('Allow all that it asks for')}
          </Button>
        </p>
      )}
      <ul className="jp-MicroappsPermissions">
        {items.map(item => (
          <Item
            key={item.sentence}
            item={item}
            permit={action => permit(action, item.permissions)}
          />
        ))}
      </ul>
      <h3>{trans.__('What it tried to reach')}</h3>
      <Pending of={tried} words={trans.__('Reading what it tried…')} />
      {tried.value && <Tried rows={tried.value} />}
    </div>
  );
}

/** All of several: what is sent is what is shown, whatever the app asks for by now. */
function together(items: readonly PermissionItem[]): Permissions {
  return items
    .map(item => item.permissions)
    .reduce((all, one) => ({
      hosts: [...all.hosts, ...one.hosts],
      files: [...all.files, ...one.files],
      packages: [...all.packages, ...one.packages],
      storage: one.storage === 'shared' ? 'shared' : all.storage,
      model_budget: Math.max(all.model_budget, one.model_budget),
      memory: Math.max(all.memory, one.memory),
      seconds: Math.max(all.seconds, one.seconds),
      scripts: all.scripts || one.scripts
    }));
}

function Item(props: {
  item: PermissionItem;
  permit: (action: 'grant' | 'revoke') => Promise<void>;
}): React.JSX.Element {
  const trans = useTrans();
  const { item } = props;
  const [sent, setSent] = React.useState(false);
  const sentence = sentences(trans, item.permissions)[0] ?? item.sentence;
  const act = async (action: 'grant' | 'revoke') => {
    setSent(true);
    await props.permit(action);
    setSent(false);
  };
  return (
    <li>
      <span className="jp-MicroappsPermissions-sentence">
        {sentence}
        <span className="jp-MicroappsBadge">
          {item.granted ? trans.__('allowed') : trans.__('not allowed')}
        </span>
        {!item.asked && (
          <span className="jp-Microapps-quiet">
            {trans.__('It no longer asks for this.')}
          </span>
        )}
      </span>
      <button
        type="button"
        className="jp-MicroappsButton jp-mod-small"
        aria-label={
          item.granted
            ? trans.__('Take back: %1', sentence)
            : trans.__('Allow: %1', sentence)
        }
        aria-disabled={sent}
        onClick={() => !sent && void act(item.granted ? 'revoke' : 'grant')}
      >
        {item.granted ? trans.__('Take back') : trans.__('Allow')}
      </button>
    </li>
  );
}

function Tried(props: { rows: readonly AccessRow[] }): React.JSX.Element {
  const trans = useTrans();
  if (!props.rows.length) {
    return (
      <p className="jp-Microapps-quiet">
        {trans.__('Nothing outside its own storage.')}
      </p>
    );
  }
  return (
    <div className="jp-MicroappsTable" tabIndex={0} role="group" aria-label={trans.__('What it tried to reach')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('What')}</th>
            <th scope="col">{trans.__('Outcome')}</th>
            <th scope="col">{trans.__('Times')}</th>
            <th scope="col">{trans.__('Last')}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map(row => (
            <tr key={`${row.kind} ${row.target} ${row.allowed} ${row.detail}`}>
              <td>
                {row.kind} <code>{row.target}</code>
                {row.detail && (
                  <div className="jp-Microapps-quiet">{row.detail}</div>
                )}
              </td>
              <td>
                {row.allowed ? trans.__('allowed') : trans.__('refused')}
              </td>
              <td>{row.count}</td>
              <td>{moment(row.last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
