/** The panel: asking for an app, and below it my apps and the jobs that run. */

import { fileUploadIcon, refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useChanges } from '../drawing';
import { tierNotice } from '../faults';
import { keyIcon } from '../icons';
import { Arrivals } from './arrivals';
import { Cards } from './cards';
import { Composing } from './composing';
import { Jobs } from './jobs';
import { Key } from './key';
import type { IPanelProps } from './react';
import type { PanelView } from '../sidebar';

type View = 'apps' | 'jobs';

const KEY_BUTTON = 'jp-microapps-key-button';

/** The cursor goes back to the button that always opens it. */
function closeKey(view: PanelView): void {
  view.showKey(false);
  document.getElementById(KEY_BUTTON)?.focus();
}

export function Panel(props: IPanelProps & { view: PanelView }): React.JSX.Element {
  const { trans, model, view } = props;
  useChanges(model);
  useChanges(view);
  const keyed = view.keyShown;
  if (model.connection === 'loading') {
    return (
      <p className="jp-Microapps-quiet" role="status">
        {trans.__('Asking the server for your apps…')}
      </p>
    );
  }
  if (!model.status) {
    return <Trouble {...props} />;
  }
  const running = model.jobs.filter(job => !job.done).length;
  return (
    <>
      {model.fault ? <Trouble {...props} /> : <Lost {...props} />}
      <Tier {...props} />
      {keyed && <Key {...props} onClose={() => closeKey(view)} />}
      <Composing {...props} onKey={() => view.showKey(true)} />
      <div className="jp-MicroappsPanel-bar">
        <div role="tablist" aria-label={trans.__('Micro-apps')}>
          {(['apps', 'jobs'] as View[]).map(tab => (
            <button
              key={tab}
              type="button"
              role="tab"
              id={`jp-microapps-tab-${tab}`}
              aria-selected={view.tab === tab}
              aria-controls={`jp-microapps-view-${tab}`}
              tabIndex={view.tab === tab ? 0 : -1}
              onClick={() => view.show(tab)}
              onKeyDown={event => {
                if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
                  const other = tab === 'apps' ? 'jobs' : 'apps';
                  view.show(other);
                  document.getElementById(`jp-microapps-tab-${other}`)?.focus();
                }
              }}
            >
              {tab === 'apps'
                ? trans.__('My apps')
                : running
                  ? trans.__('Jobs (%1)', running)
                  : trans.__('Jobs')}
            </button>
          ))}
        </div>
        <span className="jp-MicroappsComposer-space" />
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-icon"
          title={trans.__('Import a micro-app…')}
          aria-label={trans.__('Import a micro-app…')}
          onClick={() => props.around.import(null)}
        >
          <fileUploadIcon.react tag="span" width="16px" />
        </button>
        <button
          type="button"
          id={KEY_BUTTON}
          className="jp-MicroappsButton jp-mod-icon"
          title={trans.__('Key for the model')}
          aria-label={trans.__('Key for the model')}
          aria-expanded={keyed}
          onClick={() => view.showKey(!keyed)}
        >
          <keyIcon.react tag="span" width="16px" />
        </button>
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-icon"
          title={trans.__('Read everything anew')}
          aria-label={trans.__('Read everything anew')}
          onClick={() => void model.start()}
        >
          <refreshIcon.react tag="span" width="16px" />
        </button>
      </div>
      <div
        role="tabpanel"
        id={`jp-microapps-view-${view.tab}`}
        aria-labelledby={`jp-microapps-tab-${view.tab}`}
      >
        {view.tab === 'apps' ? (
          <Arrivals {...props}>
            <Cards {...props} />
          </Arrivals>
        ) : (
          <Jobs {...props} />
        )}
      </div>
    </>
  );
}

/** The server does not do what it should: what that is, and what to do. */
function Trouble(props: IPanelProps): React.JSX.Element {
  const { trans, model } = props;
  const { fault } = model;
  return (
    <div className="jp-MicroappsFault" role="alert">
      <div>
        {model.connection === 'absent' ? (
          <>
            <p>{trans.__('This Jupyter server runs without the micro-apps server extension.')}</p>
            <p>
              {trans.__('Enable it with the command below, then start the server anew.')}
            </p>
            <code>jupyter server extension enable microapps</code>
          </>
        ) : (
          <>
            <p>{fault?.what}</p>
            {fault?.hint && <p>{fault.hint}</p>}
          </>
        )}
        <p>
          <button
            type="button"
            className="jp-MicroappsButton"
            onClick={() => void model.start()}
          >
            {trans.__('Try again')}
          </button>
        </p>
      </div>
    </div>
  );
}

/** What is shown may be old; the stream asks again by itself. */
function Lost(props: IPanelProps): React.JSX.Element {
  const { trans, model } = props;
  return (
    <div role="status">
      {model.lost && (
        <div className="jp-MicroappsFault jp-mod-notice">
          {trans.__('The Jupyter server does not answer. What is shown may be old; it is asked again by itself.')}
        </div>
      )}
    </div>
  );
}

function Tier(props: IPanelProps): React.JSX.Element | null {
  const tier = props.model.status?.tier;
  return tier?.notice ? (
    <div
      className={`jp-MicroappsFault${tier.name === 'none' ? '' : ' jp-mod-notice'}`}
      role="note"
    >
      {tierNotice(tier)}
    </div>
  ) : null;
}
