/** One request and what came of it: the person's words, the job's story, what it is doing now, how it ended. */

import * as React from 'react';

import { Button } from '../buttons';
import type { Reference } from '../../api';
import { useTrans } from '../react';
import { doingWords, duration, requestWords, spent } from '../phrases';
import { Check } from './check';
import { Retry, Said, Told, Written } from './items';
import type { Item } from './job';
import { referenceWords } from './references';
import { Outcome, type KeyFor } from './outcome';
import { Question } from './question';
import type { IJobEntry } from './thread';

interface IProps {
  entry: IJobEntry;
  onAnswer: (question: string, answer: string) => Promise<boolean>;
  /** Not given where the same cannot be asked for again. */
  onAgain?: () => void;
  onWithdraw: () => void;
  keyFor?: KeyFor;
}

export const JobView = React.memo(
  function JobView(props: IProps): React.JSX.Element {
    const trans = useTrans();
    const { job, queued } = props.entry;
    const live = job.doing.kind !== 'ended';
    return (
      <article className="jp-MicroappsJob">
        <Request
          text={requestWords(trans, job)}
          references={job.references}
          queued={queued}
          onWithdraw={props.onWithdraw}
        />
        {!queued && (
          <div className="jp-MicroappsJob-story">
            {job.note && <p className="jp-Microapps-quiet">{job.note}</p>}
            {job.items.map(item => (
              <ItemView
                key={item.key}
                item={item}
                live={live}
                onAnswer={props.onAnswer}
              />
            ))}
            {live && <Doing entry={props.entry} />}
            <Outcome
              entry={props.entry}
              onAgain={props.onAgain}
              keyFor={props.keyFor}
            />
          </div>
        )}
      </article>
    );
  },
  (old, now) => old.entry === now.entry
);

/** What the person said; while it waits its turn, it can be taken back. */
export function Request(props: {
  text: string;
  references: readonly Reference[];
  queued: boolean;
  onWithdraw: () => void;
}): React.JSX.Element {
  const trans = useTrans();
  return (
    <div
      className={`jp-MicroappsRequest${props.queued ? ' jp-mod-queued' : ''}`}
    >
      <span className="jp-Microapps-hidden">{trans.__('You:')}</span>
      {props.references.length > 0 && (
        <div className="jp-MicroappsRequest-references">
          {props.references.map(reference => (
            <span
              key={`${reference.cell} ${reference.variable} ${reference.label}`}
              className="jp-MicroappsChip"
            >
              {referenceWords(trans, reference)}
            </span>
          ))}
        </div>
      )}
      <div className="jp-MicroappsRequest-text" dir="auto">{props.text}</div>
      {props.queued && (
        <div className="jp-MicroappsRequest-queued">
          <span>{trans.__('Queued')}</span>
          <Button
            look="small"
            onClick={props.onWithdraw}
          >
            {trans.__('Take back')}
          </Button>
        </div>
      )}
    </div>
  );
}

const ItemView = React.memo(
  function ItemView(props: {
    item: Item;
    live: boolean;
    onAnswer: (question: string, answer: string) => Promise<boolean>;
  }): React.JSX.Element {
    const { item } = props;
    switch (item.kind) {
      case 'said':
        return <Said item={item} />;
      case 'told':
        return <Told item={item} />;
      case 'written':
        return <Written item={item} />;
      case 'check':
        return <Check item={item} live={props.live} />;
      case 'retry':
        return <Retry item={item} />;
      case 'question':
        return (
          <Question
            item={item}
            onAnswer={answer => props.onAnswer(item.question, answer)}
          />
        );
    }
  },
  (old, now) => old.item === now.item && old.live === now.live
);

/** What goes on now, for how long, at what cost. A screen reader hears of it elsewhere, and not every second. */
function Doing(props: { entry: IJobEntry }): React.JSX.Element {
  const trans = useTrans();
  const { job, at } = props.entry;
  const [now, setNow] = React.useState(Date.now());
  React.useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const seconds = Math.max(0, (now - Date.parse(job.began || at)) / 1000);
  const facts = [
    doingWords(trans, job.doing),
    duration(trans, Math.floor(seconds)).replace('.0', ''),
    job.used ? spent(trans, job.used) : ''
  ];
  return (
    <p className="jp-MicroappsDoing" aria-hidden="true">
      {job.doing.kind !== 'waiting' && (
        <span className="jp-MicroappsDoing-spinner" />
      )}
      {facts.filter(fact => fact).join(' · ')}
    </p>
  );
}
