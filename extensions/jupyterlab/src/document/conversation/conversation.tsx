/** The left of a document: all that was said and done about an app, and where the person says what comes next. */

import * as React from 'react';

import { Composer } from '../../components/composer';
import { Fault } from '../../components/fault';
import { useChanges } from '../../drawing';
import { Button } from '../buttons';
import { useTrans } from '../react';
import { actionWord, doingWords, moment } from '../phrases';
import type { KeyFor } from './outcome';
import { JobView, Request } from './story';
import { open } from './job';
import type { ConversationModel } from './model';
import { References } from './references';
import { useScrolling } from './scrolling';
import { Trouble } from './trouble';
import type { Entry, INoteEntry } from './thread';

interface IProps {
  model: ConversationModel;
  /** Why nothing can be said now; empty when it can. */
  closed: string;
  onPick?: () => void;
  /** How to give a key, where a job that failed so needs one. */
  keyFor: KeyFor;
}

export function Conversation(props: IProps): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  useChanges(model);
  const scrolling = useScrolling();
  const running = model.running;
  const empty = !model.entries.length && !model.held.length;
  return (
    <div className="jp-MicroappsConversation">
      <div
        ref={scrolling.ref}
        className="jp-MicroappsConversation-log"
        role="log"
        // Not every token is read out: what matters is said by the status below.
        aria-live="off"
        aria-label={trans.__('Conversation')}
        tabIndex={0}
      >
        <div
          ref={scrolling.contentRef}
          className="jp-MicroappsConversation-content"
        >
          {empty && !props.closed && <Empty model={model} />}
          {model.entries.map(entry => (
            <EntryView key={entry.key} entry={entry} model={model} keyFor={props.keyFor} />
          ))}
          {model.held.map(held => (
            <Request
              key={held.key}
              text={held.text}
              references={held.references}
              queued={true}
              onWithdraw={() => void model.withdraw(held)}
            />
          ))}
        </div>
      </div>
      <div className="jp-MicroappsConversation-foot">
        {scrolling.away && (
          <button
            type="button"
            className="jp-MicroappsButton jp-MicroappsConversation-end"
            onClick={scrolling.toEnd}
          >
            {trans.__('↓ To the newest')}
          </button>
        )}
        <Announcement model={model} />
        {!model.connected && running && (
          <p className="jp-MicroappsConversation-lost" role="status">
            {trans.__(
              'The connection was lost. The job goes on; trying to get back to it…'
            )}
          </p>
        )}
        <Fault fault={model.fault} onClose={() => model.clearFault()} />
        {props.closed ? (
          <p className="jp-MicroappsConversation-closed">{props.closed}</p>
        ) : (
          <Field
            model={model}
            onPick={props.onPick}
            onSent={scrolling.toEnd}
          />
        )}
      </div>
    </div>
  );
}

function Field(props: {
  model: ConversationModel;
  onPick?: () => void;
  onSent: () => void;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const field = React.useRef<HTMLTextAreaElement>(null);
  const { running, unsent } = model;
  const wanted =
    model.app || running
      ? trans.__('What should change?')
      : trans.__('What do you need?');
  React.useEffect(() => {
    const focus = () => {
      field.current?.focus();
      unsent.cursorDue &&= document.activeElement !== field.current;
    };
    unsent.wanted.connect(focus);
    return () => {
      unsent.wanted.disconnect(focus);
    };
  }, [unsent]);
  React.useEffect(() => {
    if (unsent.cursorDue) {
      field.current?.focus();
      unsent.cursorDue = document.activeElement !== field.current;
    }
  });
  return (
    <Composer
      trans={trans}
      label={wanted}
      placeholder={running ? trans.__('What should come after this?') : wanted}
      value={unsent.text}
      onChange={text => unsent.setText(text)}
      onSend={() => {
        props.onSent();
        void model.send();
        if (field.current?.closest('.jp-MicroappsComposer')?.contains(document.activeElement)) {
          field.current.focus(); // It was not left since, as it may be while a file is on its way.
        }
      }}
      sendLabel={running ? trans.__('Queue') : trans.__('Send')}
      onStop={
        running
          ? () => {
              field.current?.focus(); // The button is about to go.
              void model.stop(running.job.id);
            }
          : undefined
      }
      attachments={unsent.attachments.files}
      onAttach={files => void unsent.attachments.attach(files)}
      onDetach={key => unsent.attachments.detach(key)}
      onPick={props.onPick}
      fieldRef={field}
      above={<References unsent={unsent} />}
    />
  );
}

const EntryView = React.memo(
  function EntryView(props: {
    entry: Entry;
    model: ConversationModel;
    keyFor: KeyFor;
  }): React.JSX.Element {
    const { entry, model } = props;
    switch (entry.kind) {
      case 'job':
        return (
          <JobView
            entry={entry}
            onAnswer={(question, answer) =>
              model.answer(entry.job.id, question, answer)
            }
            onAgain={
              model.canRepeat(entry) ? () => void model.again(entry) : undefined
            }
            onWithdraw={() => void model.withdraw(entry)}
            keyFor={props.keyFor}
          />
        );
      case 'trouble':
        return (
          <Trouble
            entry={entry}
            onFix={() => void model.fix(entry)}
            onDismiss={() => {
              model.dismiss(entry);
              model.unsent.want(true); // The button is gone with its card.
            }}
          />
        );
      case 'note':
        return <Note entry={entry} />;
    }
  },
  (old, now) => old.entry === now.entry
);

function Note(props: { entry: INoteEntry }): React.JSX.Element {
  const trans = useTrans();
  const { entry } = props;
  const facts = [
    actionWord(trans, entry.action),
    entry.text,
    entry.revision === null ? '' : trans.__('revision %1', entry.revision),
    moment(entry.at),
    entry.undone ? trans.__('undone') : ''
  ];
  return (
    <p className="jp-MicroappsNote">
      {facts.filter(fact => fact).join(' · ')}
    </p>
  );
}

function Empty(props: { model: ConversationModel }): React.JSX.Element | null {
  const trans = useTrans();
  const { state, app } = props.model;
  if (state === 'loading') {
    return (
      <p className="jp-Microapps-quiet">{trans.__('Reading what was said…')}</p>
    );
  }
  if (state === 'failed') {
    return (
      <p>
        <Button
          onClick={() => void props.model.read(app)}
        >
          {trans.__('Read the conversation again')}
        </Button>
      </p>
    );
  }
  return (
    <p className="jp-Microapps-quiet">
      {trans.__('Nothing was said about this app yet. Say what should change.')}
    </p>
  );
}

/** The few things that a screen reader should hear at once: each new step, questions, the end, and what went wrong. */
function Announcement(props: { model: ConversationModel }): React.JSX.Element {
  const trans = useTrans();
  const { entries } = props.model;
  const jobs = entries.flatMap(entry =>
    entry.kind === 'job' && !entry.queued ? [entry.job] : []
  );
  const job = props.model.running?.job ?? jobs[jobs.length - 1];
  // What had ended before anyone looked is no news.
  const watched = React.useRef(new Set<string>());
  let words = '';
  if (job && job.doing.kind !== 'ended') {
    watched.current.add(job.id);
    words = open(job)?.text ?? doingWords(trans, job.doing, true);
  } else if (job && watched.current.has(job.id)) {
    words =
      job.outcome?.kind === 'finished'
        ? trans.__('%1 is ready', job.outcome.title)
        : (job.outcome?.what ?? '');
  }
  const trouble = entries
    .flatMap(entry => (entry.kind === 'trouble' && !entry.repair ? [entry] : []))
    .pop();
  return (
    <>
      <div className="jp-Microapps-hidden" role="status">
        {words}
      </div>
      <div className="jp-Microapps-hidden" aria-live="polite">
        {trouble && (
          <p key={trouble.key}>
            {trans.__('Something went wrong in the app')}: {trouble.failure.error}
          </p>
        )}
      </div>
    </>
  );
}
