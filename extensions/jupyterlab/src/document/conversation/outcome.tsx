/** How a job ended: what it made, or what happened, what to do about it and what was kept. */

import * as React from 'react';

import { Button } from '../buttons';
import type { Failed, Finished } from '../../api';
import { useTrans } from '../react';
import { duration, spent } from '../phrases';
import { Mark } from './check';
import { repairs, type IJob } from './job';
import type { IJobEntry } from './thread';

/** Gives what leads to the field for a key, where a job that failed with `error` had none that could be used. */
export type KeyFor = (error: string) => (() => void) | null;

interface IProps {
  entry: IJobEntry;
  /** Asks for the same again; not given where the same cannot be asked for. */
  onAgain?: () => void;
  keyFor?: KeyFor;
}

export function Outcome(props: IProps): React.JSX.Element | null {
  const { job, error } = props.entry;
  if (job.outcome?.kind === 'finished') {
    return <Good job={job} outcome={job.outcome} undone={props.entry.undone} />;
  }
  if (job.outcome) {
    return (
      <Bad
        job={job}
        outcome={job.outcome}
        onAgain={props.onAgain}
        keyFor={props.keyFor}
      />
    );
  }
  return error ? <Interrupted error={error} onAgain={props.onAgain} /> : null;
}

function Good(props: {
  job: IJob;
  outcome: Finished;
  undone: boolean;
}): React.JSX.Element {
  const trans = useTrans();
  const { job, outcome } = props;
  const rounds = repairs(job);
  const facts = [
    duration(trans, outcome.seconds),
    rounds ? trans._n('%1 repair', '%1 repairs', rounds) : '',
    job.used ? spent(trans, job.used) : ''
  ];
  return (
    <div className="jp-MicroappsOutcome jp-mod-passed">
      <p>
        <Mark status="passed" />{' '}
        <strong>{trans.__('%1 is ready', outcome.title)}</strong>{' '}
        <span className="jp-Microapps-quiet">
          {trans.__('revision %1', outcome.revision)}
        </span>
        {props.undone && (
          <span className="jp-MicroappsBadge">{trans.__('undone')}</span>
        )}
      </p>
      {outcome.note && <p>{outcome.note}</p>}
      <p className="jp-Microapps-quiet">
        {facts.filter(fact => fact).join(' · ')}
      </p>
    </div>
  );
}

function Bad(props: {
  job: IJob;
  outcome: Failed;
  onAgain?: () => void;
  keyFor?: KeyFor;
}): React.JSX.Element {
  const trans = useTrans();
  const { job, outcome } = props;
  const stopped = outcome.error === 'Stopped';
  const onKey = stopped ? null : props.keyFor?.(outcome.error);
  return (
    <div
      className={`jp-MicroappsOutcome jp-mod-${stopped ? 'stopped' : 'failed'}`}
    >
      <p>
        <Mark status={stopped ? 'skipped' : 'failed'} />{' '}
        <strong>{outcome.what}</strong>
      </p>
      {outcome.hint && <p>→ {outcome.hint}</p>}
      {outcome.kept && <p>{outcome.kept}</p>}
      {outcome.offers.length > 0 && (
        <ul>
          {outcome.offers.map(offer => (
            <li key={offer}>{offer}</li>
          ))}
        </ul>
      )}
      {job.used && (
        <p className="jp-Microapps-quiet">{spent(trans, job.used)}</p>
      )}
      {onKey && (
        <p>
          <Button look="primary" onClick={onKey}>
            {trans.__('Add a key')}
          </Button>
        </p>
      )}
      <Again onAgain={props.onAgain} />
    </div>
  );
}

function Interrupted(props: {
  error: string;
  onAgain?: () => void;
}): React.JSX.Element {
  return (
    <div className="jp-MicroappsOutcome jp-mod-failed">
      <p>
        <Mark status="failed" /> <strong>{props.error}</strong>
      </p>
      <Again onAgain={props.onAgain} />
    </div>
  );
}

function Again(props: { onAgain?: () => void }): React.JSX.Element | null {
  const trans = useTrans();
  return props.onAgain ? (
    <p>
      <Button
        onClick={props.onAgain}
      >
        {trans.__('Try again')}
      </Button>
    </p>
  ) : null;
}
