/** What the app stores: its values, tables and files, to take along or to clear. */

import * as React from 'react';

import type { GuestKept } from '../../api';
import { Button } from '../buttons';
import type { DocumentModel } from '../model';
import { bytes, moment } from '../phrases';
import { useLoaded, useTrans } from '../react';
import { useOutdated, useReturn } from './fresh';
import { Pending } from './tabs';

export function DataTab(props: {
  model: DocumentModel;
  /** Asks the person first; true when they agreed. */
  confirm: (title: string, text: string, act: string) => Promise<boolean>;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const loaded = useLoaded(
    () => model.server.data(model.name),
    [model.name, model.detail?.current]
  );
  const { value, again } = loaded;
  useOutdated(model, ['data'], again);
  useReturn(model, 'data', again);
  const guests = value?.guests ?? [];
  const named = (guest: GuestKept) => guest.label || trans.__('a guest');
  const clear = async () => {
    const sure = await props.confirm(
      trans.__('Clear what %1 stores?', model.title),
      [
        trans.__(
          'All that it has stored is deleted and cannot be brought back. Export it first if you may need it.'
        ),
        guests.length
          ? trans.__(
              'That is also what it stores for its guests: %1.',
              guests.map(named).join(', ')
            )
          : ''
      ]
        .join(' ')
        .trim(),
      trans.__('Clear')
    );
    if (sure) {
      await model.attempt(() => model.server.clearData(model.name));
      again();
      void model.page.load(model.name);
    }
  };
  const rows = value
    ? [
        ...value.values.map(kept => ({
          name: kept.name,
          kind: trans.__('value'),
          size: kept.bytes,
          note: ''
        })),
        ...value.tables.map(kept => ({
          name: kept.name,
          kind: trans.__('table'),
          size: kept.bytes,
          note: trans._n('%1 row', '%1 rows', kept.rows)
        })),
        ...value.files.map(kept => ({
          name: kept.name,
          kind: trans.__('file'),
          size: kept.bytes,
          note: moment(kept.modified)
        })),
        ...guests.map(guest => ({
          name: named(guest),
          kind: trans.__('guest'),
          size: guest.bytes,
          note: trans.__('what this guest stored')
        }))
      ]
    : [];
  const sum = guests.reduce((all, guest) => all + guest.bytes, value?.bytes ?? 0);
  return (
    <div className="jp-MicroappsTab">
      <Pending of={loaded} words={trans.__('Reading what it stores…')} />
      {value && !rows.length && <p>{trans.__('It stores nothing yet.')}</p>}
      {value && rows.length > 0 && (
        <>
          <div className="jp-MicroappsTab-head">
            <p>{trans.__('%1 in all', bytes(sum))}</p>
            <span className="jp-MicroappsQuestion-options">
              <a
                className="jp-MicroappsButton"
                href={model.server.dataUrl(model.name)}
                download
              >
                {trans.__('Export')}
              </a>
              <Button
                look="warn"
                onClick={() => void clear()}
              >
                {trans.__('Clear…')}
              </Button>
            </span>
          </div>
          <div
            className="jp-MicroappsTable"
            tabIndex={0}
            role="group"
            aria-label={trans.__('What the app stores')}
          >
            <table>
              <thead>
                <tr>
                  <th scope="col">{trans.__('Name')}</th>
                  <th scope="col">{trans.__('Kind')}</th>
                  <th scope="col">{trans.__('Size')}</th>
                  <th scope="col">{trans.__('More')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row, at) => (
                  <tr key={`${row.kind} ${row.name} ${at}`}>
                    <td>{row.name}</td>
                    <td>{row.kind}</td>
                    <td>{bytes(row.size)}</td>
                    <td>{row.note}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}
