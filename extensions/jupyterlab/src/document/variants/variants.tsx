/** Two or three answers to one request side by side, each with its progress and its app; one is kept. */

import * as React from 'react';

import { Fault } from '../../components/fault';
import { useChanges } from '../../drawing';
import { Preview } from '../app/preview';
import { JobView } from '../conversation/story';
import { useScrolling } from '../conversation/scrolling';
import type { DocumentModel } from '../model';
import { doingWords } from '../phrases';
import { useTrans } from '../react';
import type { VariantsModel } from './model';

export function Variants(props: { model: VariantsModel }): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  useChanges(model);
  return (
    <div className="jp-MicroappsVariants">
      <Fault fault={model.fault} />
      <h2 className="jp-MicroappsVariants-request" dir="auto">{model.request}</h2>
      <p className="jp-Microapps-quiet">
        {model.columns.length
          ? trans.__(
              'Each answer is checked. Try them, and keep the one that you like; the others go to the trash.'
            )
          : trans.__('Reading the answers…')}
      </p>
      <div className="jp-MicroappsVariants-columns">
        {model.columns.map((column, at) => (
          <Column
            key={column.job}
            number={at + 1}
            column={column}
            model={model}
          />
        ))}
      </div>
    </div>
  );
}

function Column(props: {
  number: number;
  column: DocumentModel;
  model: VariantsModel;
}): React.JSX.Element {
  const { column, number, model } = props;
  const { conversation } = column;
  const trans = useTrans();
  useChanges(column);
  useChanges(conversation);
  const scrolling = useScrolling();
  const heading = React.useId();
  const running = conversation.running;
  const jobs = conversation.entries.flatMap(entry =>
    entry.kind === 'job' ? [entry] : []
  );
  const good = jobs.some(entry => entry.job.outcome?.kind === 'finished');
  const ready = good && !model.keeping;
  const state = running
    ? doingWords(trans, running.job.doing, true)
    : good
      ? trans.__('Ready')
      : jobs.length
        ? trans.__('It did not work out')
        : '';
  return (
    <section className="jp-MicroappsVariants-column" aria-labelledby={heading}>
      <header className="jp-MicroappsVariants-head">
        <h3 id={heading}>{trans.__('Answer %1', number)}</h3>
        <span className="jp-Microapps-quiet" role="status">
          {state}
        </span>
        <span className="jp-MicroappsComposer-space" />
        {running && (
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-small jp-mod-warn"
            onClick={() => void conversation.stop(running.job.id)}
          >
            {trans.__('Stop')}
          </button>
        )}
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-small jp-mod-primary"
          aria-label={trans.__('Keep answer %1', number)}
          // Not `disabled`, which would take the focus away from who has just pressed it.
          aria-disabled={!ready}
          onClick={() => ready && void model.keep(column)}
        >
          {trans.__('Keep this one')}
        </button>
      </header>
      <div
        ref={scrolling.ref}
        className="jp-MicroappsVariants-story"
        role="log"
        aria-live="off"
        aria-label={trans.__('How answer %1 was made', number)}
        tabIndex={0}
      >
        <div ref={scrolling.contentRef}>
          {jobs.map(entry => (
            <JobView
              key={entry.key}
              entry={entry}
              onAnswer={(question, answer) =>
                conversation.answer(entry.job.id, question, answer)
              }
              onWithdraw={() => void conversation.withdraw(entry)}
            />
          ))}
        </div>
      </div>
      <Preview model={column} pointable={false} />
    </section>
  );
}
