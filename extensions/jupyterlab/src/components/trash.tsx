/** Apps that were removed: bring one back, or delete it for good. */

import * as React from 'react';

import type { AppCard } from '../api';
import { moment } from '../document/phrases';
import { Reading } from '../reading';
import { refusalOf } from '../request';
import { Fault } from './fault';
import type { IPanelProps } from './react';

export function Trash(props: IPanelProps): React.JSX.Element {
  const { trans, model, server, around } = props;
  const [open, setOpen] = React.useState(false);
  const [apps, setApps] = React.useState<AppCard[]>([]);
  const [fault, setFault] = React.useState('');
  const removed = React.useMemo(() => new Reading(() => server.trash(), setApps), [server]);
  const read = React.useCallback(
    async () => setFault(await refusalOf(() => removed.readAnew())),
    [removed]
  );
  React.useEffect(() => {
    if (open) {
      void read();
    }
  }, [open, model.apps, read]);
  const act = async (what: () => Promise<unknown>) => {
    const refusal = await refusalOf(what);
    if (refusal) {
      setFault(refusal);
    } else {
      await Promise.all([read(), model.refresh(['apps'])]);
    }
  };
  const purge = async (app: AppCard) => {
    const sure = await around.confirm(
      trans.__('Delete “%1” for good?', app.title || app.name),
      [
        app.removed ? trans.__('Removed %1', moment(app.removed)) + '.' : '',
        trans.__('All its revisions and all that it stores are deleted. This cannot be undone.')
      ]
        .join(' ')
        .trim(),
      trans.__('Delete')
    );
    if (sure) {
      await act(() => server.purge(app));
    }
  };
  return (
    <details
      className="jp-MicroappsPanel-trash"
      open={open}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{trans.__('Trash')}</summary>
      <Fault fault={fault} />
      {!apps.length && !fault && (
        <p className="jp-Microapps-quiet">{trans.__('The trash is empty.')}</p>
      )}
      <ul aria-label={trans.__('Trash')}>
        {apps.map(app => (
          <li key={app.id} className="jp-MicroappsPanel-row">
            <span>
              <bdi>{app.title || app.name}</bdi>
              {app.removed && (
                <time
                  id={`jp-MicroappsTrash-${app.id}`}
                  className="jp-Microapps-quiet"
                  dateTime={app.removed}
                >
                  {' '}
                  {trans.__('Removed %1', moment(app.removed))}
                </time>
              )}
            </span>
            <button
              type="button"
              className="jp-MicroappsButton"
              aria-label={trans.__('Restore %1', app.title || app.name)}
              aria-describedby={`jp-MicroappsTrash-${app.id}`}
              onClick={() => void act(() => server.restore(app))}
            >
              {trans.__('Restore')}
            </button>
            <button
              type="button"
              className="jp-MicroappsButton jp-mod-warn"
              aria-label={trans.__('Delete %1 for good', app.title || app.name)}
              aria-describedby={`jp-MicroappsTrash-${app.id}`}
              onClick={() => void purge(app)}
            >
              {trans.__('Delete')}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
