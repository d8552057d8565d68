/** Asking for a new app: the composer with its choices, examples to begin from, and starters where no model writes. */

import * as React from 'react';

import type { Speed } from '../api';
import type { Draft, Maker } from '../draft';
import { useChanges } from '../drawing';
import { Composer } from './composer';
import { Fault } from './fault';
import type { IPanelProps } from './react';
import { Remove } from './remove';

/** Examples that are shown before "More". */
const FEW = 3;

export function Composing(props: IPanelProps & { onKey: () => void }): React.JSX.Element {
  const { trans, draft, around, model } = props;
  useChanges(draft);
  const field = React.useRef<HTMLTextAreaElement>(null);
  React.useEffect(() => {
    const focus = () => {
      if (draft.waiting) {
        // A panel that comes is not laid out yet: to scroll now would move it for good.
        field.current?.focus({ preventScroll: true });
        draft.waiting = document.activeElement !== field.current;
        requestAnimationFrame(() => field.current?.scrollIntoView({ block: 'nearest' }));
      }
    };
    focus();
    draft.wanted.connect(focus);
    return () => {
      draft.wanted.disconnect(focus);
    };
  }, [draft]);
  const { pick } = around;
  return (
    <section aria-label={trans.__('New micro-app')} className="jp-MicroappsPanel-compose">
      <Composer
        trans={trans}
        label={trans.__('What do you need?')}
        placeholder={trans.__('What do you need?')}
        value={draft.text}
        onChange={text => draft.set({ text })}
        onSend={() => void draft.send()}
        sendLabel={trans.__('Make it')}
        attachments={draft.attachments.files}
        onAttach={files => void draft.attachments.attach(files)}
        onDetach={key => draft.attachments.detach(key)}
        onPick={pick ? () => void pick().then(paths => draft.attachments.attachPaths(paths)) : undefined}
        fieldRef={field}
        minimumRows={3}
        above={<Starter {...props} />}
      />
      {model.status?.writes && <Choices {...props} />}
      <Fault fault={draft.fault} onClose={() => draft.set({ fault: '' })} />
      {model.status && !model.status.writes && <Starters {...props} />}
      <Examples {...props} />
    </section>
  );
}

function Starter(props: IPanelProps): React.JSX.Element | null {
  const { draft, trans } = props;
  const { starter } = draft;
  return starter ? (
    <ul className="jp-MicroappsComposer-files" aria-label={trans.__('Starter')}>
      <li className="jp-MicroappsChip">
        <span className="jp-MicroappsChip-text">{trans.__('Starter: %1', starter.title)}</span>
        <Remove
          label={trans.__('Remove %1', starter.title)}
          onClick={() => draft.set({ starter: null })}
        />
      </li>
    </ul>
  ) : null;
}

/** Who writes, and how many answers there are to choose from. */
function Choices(props: IPanelProps): React.JSX.Element {
  const { trans, draft, model } = props;
  const status = model.status!;
  const speeds: Record<Speed, string> = {
    fast: trans.__('Fast'),
    balanced: trans.__('Balanced'),
    best: trans.__('Best')
  };
  const most = Math.max(1, status.limits.variants);
  return (
    <div className="jp-MicroappsPanel-choices">
      <select
        className="jp-MicroappsField"
        aria-label={trans.__('Speed and model')}
        value={draft.maker || status.speed}
        onChange={event => draft.set({ maker: event.target.value as Maker })}
      >
        {status.speeds.map(({ speed, name }) => (
          <option key={speed} value={speed}>
            {name ? `${speeds[speed]} · ${name}` : speeds[speed]}
          </option>
        ))}
        <option value="offline">{trans.__('A starter, without a model')}</option>
      </select>
      {most > 1 && (
        <select
          className="jp-MicroappsField"
          aria-label={trans.__('Answers to choose from')}
          title={trans.__('Each answer is made and checked, and costs, on its own')}
          value={draft.answers}
          disabled={draft.maker === 'offline' || !!draft.starter}
          onChange={event => draft.set({ answers: Number(event.target.value) })}
        >
          {Array.from({ length: most }, (_, at) => at + 1).map(count => (
            <option key={count} value={count}>
              {trans._n('%1 answer', '%1 answers', count)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Examples(props: IPanelProps): React.JSX.Element | null {
  const { trans, draft, model } = props;
  const [all, setAll] = React.useState(false);
  const examples = model.status?.examples ?? [];
  // Who has apps knows how to ask: the room is theirs.
  const known = model.apps.length > 0;
  if (!examples.length || draft.text) {
    return null;
  }
  const list = (
    <ul className="jp-MicroappsPanel-examples" aria-label={trans.__('Examples')}>
      {examples.slice(0, all || known ? undefined : FEW).map(example => (
        <li key={example}>
          <button
            type="button"
            className="jp-MicroappsPanel-example"
            onClick={() => draft.propose(example)}
          >
            {example}
          </button>
        </li>
      ))}
      {!all && !known && examples.length > FEW && (
        <li>
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-link"
            onClick={() => setAll(true)}
          >
            {trans.__('More examples')}
          </button>
        </li>
      )}
    </ul>
  );
  return known ? (
    <details>
      <summary>{trans.__('Examples')}</summary>
      {list}
    </details>
  ) : (
    list
  );
}

function Starters(props: IPanelProps & { draft: Draft; onKey: () => void }): React.JSX.Element {
  const { trans, draft, model } = props;
  const starters = model.status?.starters ?? [];
  return (
    <div className="jp-MicroappsPanel-starters">
      <p className="jp-Microapps-quiet">
        {trans.__(
          'There is no key for a model. What you ask for is made from a starter: a finished app that is filled in from your words, and checked like any other.'
        )}{' '}
        <button type="button" className="jp-MicroappsButton jp-mod-link" onClick={props.onKey}>
          {trans.__('Add a key')}
        </button>
      </p>
      <details>
        <summary>{trans._n('%1 starter', '%1 starters', starters.length)}</summary>
        <ul>
          {starters.map(starter => (
            <li key={starter.name}>
              <button
                type="button"
                className="jp-MicroappsPanel-example"
                onClick={() => draft.take(starter)}
              >
                <strong>{starter.title}</strong> {starter.about}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
