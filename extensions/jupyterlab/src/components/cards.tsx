/** My apps, as cards: what they look like, what they are called, whether their checks passed, what goes on. */

import { checkIcon, ellipsesIcon, errorIcon, shareIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { AppCard, JobView } from '../api';
import { language } from '../words';
import type { IPanelProps } from './react';
import { Trash } from './trash';

type Order = 'updated' | 'created' | 'title';

export function Cards(props: IPanelProps): React.JSX.Element {
  const { trans, model } = props;
  const [sought, setSought] = React.useState('');
  const [order, setOrder] = React.useState<Order>('updated');
  const shown = ordered(found(model.apps, sought), order);
  return (
    <>
      {model.apps.length > 1 && (
        <div className="jp-MicroappsPanel-choices" role="search">
          <input
            className="jp-MicroappsField"
            type="search"
            aria-label={trans.__('Search my apps')}
            placeholder={trans.__('Search my apps')}
            value={sought}
            onChange={event => setSought(event.target.value)}
          />
          <select
            className="jp-MicroappsField"
            aria-label={trans.__('Order')}
            value={order}
            onChange={event => setOrder(event.target.value as Order)}
          >
            <option value="updated">{trans.__('Last changed')}</option>
            <option value="created">{trans.__('Newest')}</option>
            <option value="title">{trans.__('By name')}</option>
          </select>
        </div>
      )}
      {!model.apps.length && (
        <p className="jp-Microapps-quiet">
          {trans.__('You have no apps yet. Say above what you need; the app appears here.')}
        </p>
      )}
      {model.apps.length > 0 && !shown.length && (
        <p className="jp-Microapps-quiet" role="status">
          {trans.__('No app has “%1” in its name, description or tags.', sought)}
        </p>
      )}
      <ul className="jp-MicroappsPanel-cards" aria-label={trans.__('My apps')}>
        {shown.map(app => (
          <Card key={app.name} app={app} {...props} />
        ))}
      </ul>
      <Trash {...props} />
    </>
  );
}

function Card(props: IPanelProps & { app: AppCard }): React.JSX.Element {
  const { app, trans, around, model } = props;
  const job = app.job ? (model.jobs.find(job => job.id === app.job) ?? null) : null;
  return (
    <li
      className="jp-MicroappsCard"
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        around.menu(app.name, event.clientX, event.clientY);
      }}
    >
      <Picture {...props} />
      <div className="jp-MicroappsCard-body">
        <button
          type="button"
          className="jp-MicroappsCard-title"
          dir="auto"
          title={app.description}
          onClick={() => around.open(app.name)}
        >
          {app.title || app.name}
        </button>
        <div className="jp-MicroappsCard-facts">
          {app.job ? <Work trans={trans} job={job} /> : <Health trans={trans} app={app} />}
          {app.published && (
            <span className="jp-MicroappsCard-fact">
              <shareIcon.react tag="span" width="14px" />
              {trans.__('published')}
            </span>
          )}
          {app.asks_missing && (
            <span className="jp-MicroappsCard-fact jp-mod-warn">
              {trans.__('asks for a permission')}
            </span>
          )}
          <time dateTime={app.updated} className="jp-MicroappsCard-fact">
            {ago(app.updated)}
          </time>
        </div>
      </div>
      <button
        type="button"
        className="jp-MicroappsButton jp-mod-icon jp-MicroappsCard-menu"
        aria-haspopup="menu"
        aria-label={trans.__('Actions for %1', app.title || app.name)}
        onClick={event => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          around.menu(app.name, left, bottom);
        }}
      >
        <ellipsesIcon.react tag="span" />
      </button>
    </li>
  );
}

/** The app's picture, or its first letter where there is none. */
function Picture(props: IPanelProps & { app: AppCard }): React.JSX.Element {
  const { app, server } = props;
  const [broken, setBroken] = React.useState<string | null>(null);
  const address = app.thumbnail && server.pictureUrl(app.thumbnail);
  return (
    <div className="jp-MicroappsCard-picture" aria-hidden="true">
      {address && broken !== address ? (
        <img src={address} alt="" loading="lazy" onError={() => setBroken(address)} />
      ) : (
        <span>{[...(app.title || app.name)][0]}</span>
      )}
    </div>
  );
}

function Health(props: { trans: TranslationBundle; app: AppCard }): React.JSX.Element {
  const { trans, app } = props;
  const words = {
    passed: trans.__('checks passed'),
    failed: trans.__('checks failed'),
    unchecked: trans.__('not checked')
  };
  return (
    <span className={`jp-MicroappsCard-fact jp-mod-${app.health}`} title={app.summary}>
      {app.health === 'passed' && <checkIcon.react tag="span" width="14px" />}
      {app.health === 'failed' && <errorIcon.react tag="span" width="14px" />}
      {words[app.health]}
    </span>
  );
}

function Work(props: { trans: TranslationBundle; job: JobView | null }): React.JSX.Element {
  const { trans, job } = props;
  return (
    <span className="jp-MicroappsCard-fact jp-mod-running">
      <span className="jp-Microapps-dot" aria-hidden="true" />
      {job?.waiting
        ? trans.__('waits for your answer')
        : job?.queued
          ? trans.__('waits for its turn')
          : trans.__('being worked on')}
    </span>
  );
}

function found(apps: readonly AppCard[], sought: string): AppCard[] {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter(word => word);
  return apps.filter(app => {
    const text = [app.title, app.name, app.description, ...app.tags].join(' ').toLocaleLowerCase();
    return words.every(word => text.includes(word));
  });
}

function ordered(apps: AppCard[], order: Order): AppCard[] {
  return [...apps].sort((one, other) =>
    order === 'title'
      ? one.title.localeCompare(other.title, language())
      : other[order].localeCompare(one[order])
  );
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1]
];

/** How long ago, in the person's language. */
function ago(iso: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000) || 0;
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style: 'short' });
  return format.format(-Math.floor(seconds / size), unit);
}
