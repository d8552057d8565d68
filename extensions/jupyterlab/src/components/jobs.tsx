/** Everything that runs in this server, or ended lately: what it is, how it stands; stop it, or go there. */

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { JobView } from '../api';
import { requestWords } from '../document/phrases';
import { faultWord } from '../faults';
import { refusalOf } from '../request';
import { Fault } from './fault';
import type { IPanelProps } from './react';

export function Jobs(props: IPanelProps): React.JSX.Element {
  const { trans, model, server, around } = props;
  const [fault, setFault] = React.useState('');
  const going = model.jobs.filter(job => !job.done);
  const stop = async (jobs: readonly JobView[]) =>
    setFault(await refusalOf(() => Promise.all(jobs.map(job => server.stop(job.id)))));
  const go = (job: JobView) => {
    if (job.group) {
      around.openGroup(job.group);
    } else if (job.app) {
      around.open(job.app);
    } else {
      around.openJob(job.id);
    }
  };
  if (!model.jobs.length) {
    return (
      <p className="jp-Microapps-quiet">
        {trans.__('Nothing runs. What you ask for is shown here while it is made.')}
      </p>
    );
  }
  return (
    <>
      <Fault fault={fault} />
      {going.length > 1 && (
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-warn"
          onClick={() => void stop(going)}
        >
          {trans.__('Stop all jobs')}
        </button>
      )}
      <ul className="jp-MicroappsPanel-cards" aria-label={trans.__('Jobs')}>
        {model.jobs.map(job => (
          <li key={job.id} className="jp-MicroappsCard">
            <div className="jp-MicroappsCard-body">
              <button type="button" className="jp-MicroappsCard-title" dir="auto" onClick={() => go(job)}>
                {asked(trans, job)}
              </button>
              <div className="jp-MicroappsCard-facts">
                <span
                  className={`jp-MicroappsCard-fact jp-mod-${state(job)}`}
                  title={job.outcome?.kind === 'failed' ? job.outcome.what : undefined}
                >
                  {!job.done && <span className="jp-Microapps-dot" aria-hidden="true" />}
                  {standing(trans, job)}
                </span>
                {job.app && (
                  <span className="jp-MicroappsCard-fact">{model.app(job.app)?.title ?? job.app}</span>
                )}
                {!!job.dollars && (
                  <span className="jp-MicroappsCard-fact">{`$${job.dollars.toFixed(2)}`}</span>
                )}
              </div>
            </div>
            {!job.done && (
              <button
                type="button"
                className="jp-MicroappsButton jp-mod-warn"
                aria-label={trans.__('Stop: %1', asked(trans, job))}
                onClick={() => void stop([job])}
              >
                {trans.__('Stop')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function asked(trans: TranslationBundle, job: JobView): string {
  const words: Record<JobView['action'], string> = {
    make: trans.__('Make an app'),
    change: trans.__('Change an app'),
    adopt: trans.__('Make a notebook a micro-app'),
    import: trans.__('Import a micro-app'),
    repair: trans.__('Repair what went wrong')
  };
  return requestWords(trans, job) || words[job.action];
}

function state(job: JobView): string {
  return !job.done ? 'running' : job.outcome?.kind === 'finished' ? 'passed' : 'failed';
}

function standing(trans: TranslationBundle, job: JobView): string {
  if (job.done) {
    if (job.outcome?.kind === 'finished') {
      return trans.__('ready');
    }
    return job.outcome ? faultWord(job.outcome.error) || job.outcome.what : trans.__('stopped');
  }
  return job.waiting
    ? trans.__('waits for your answer')
    : job.queued
      ? trans.__('waits for its turn')
      : trans.__('being worked on');
}
