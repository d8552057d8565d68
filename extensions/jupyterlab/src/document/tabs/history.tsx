/** Every revision of the app, the newest first: what was asked, what came of it, what it cost; go back, fork, compare. */

import * as React from 'react';

import { Button } from '../buttons';
import type { RevisionRow } from '../../api';
import { LayerView, Mark } from '../conversation/check';
import { Fold } from '../conversation/code';
import type { DocumentModel } from '../model';
import { actionWord, duration, moment, money, requestWords } from '../phrases';
import { useLoaded, useTrans } from '../react';
import { language } from '../../words';
import { Comparison } from './comparison';
import { useOutdated } from './fresh';
import { Pending } from './tabs';

export function HistoryTab(props: {
  model: DocumentModel;
  onFork: () => void;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const loaded = useLoaded(
    () => model.server.revisions(model.name),
    [model.name, model.detail?.current]
  );
  const { value, again } = loaded;
  useOutdated(model, ['changed', 'checked'], again);
  const [pair, setPair] = React.useState<number[]>([]);
  const rows = [...(value ?? [])].sort((one, two) => two.number - one.number);
  const pick = (number: number, on: boolean) =>
    setPair(on ? [...pair, number].slice(-2) : pair.filter(n => n !== number));
  const [old, now] = [...pair].sort((one, two) => one - two);
  return (
    <div className="jp-MicroappsTab">
      <Pending of={loaded} words={trans.__('Reading the history…')} />
      <p className="jp-Microapps-quiet">
        {trans.__('Choose two revisions to compare them.')}
      </p>
      {pair.length === 2 && (
        <Comparison
          model={model}
          old={old}
          now={now}
          onClose={() => setPair([])}
        />
      )}
      <ol className="jp-MicroappsHistory" reversed>
        {rows.map(row => (
          <Row
            key={row.number}
            row={row}
            model={model}
            picked={pair.includes(row.number)}
            onPick={on => pick(row.number, on)}
            onFork={props.onFork}
          />
        ))}
      </ol>
    </div>
  );
}

function Row(props: {
  row: RevisionRow;
  model: DocumentModel;
  picked: boolean;
  onPick: (on: boolean) => void;
  onFork: () => void;
}): React.JSX.Element {
  const { row, model } = props;
  const trans = useTrans();
  const facts = [
    actionWord(trans, row.action),
    moment(row.at),
    row.parent !== null && row.parent !== row.number - 1
      ? trans.__('from revision %1', row.parent)
      : '',
    row.seconds ? duration(trans, row.seconds) : '',
    row.tokens === null || row.tokens < 2
      ? ''
      : trans.__('%1 tokens', row.tokens.toLocaleString(language())),
    row.dollars === null ? '' : money(row.dollars)
  ];
  return (
    <li
      className={`jp-MicroappsHistory-row${row.current ? ' jp-mod-current' : ''}`}
      aria-current={row.current || undefined}
    >
      <div className="jp-MicroappsHistory-title">
        <input
          type="checkbox"
          checked={props.picked}
          aria-label={trans.__('Compare revision %1', row.number)}
          onChange={event => props.onPick(event.target.checked)}
        />
        <Mark status={row.status} />
        <strong>{trans.__('Revision %1', row.number)}</strong>
        {row.current && (
          <span className="jp-MicroappsBadge">{trans.__('current')}</span>
        )}
      </div>
      <p className="jp-MicroappsHistory-request" dir="auto">
        {requestWords(trans, row) || row.title}
      </p>
      <p className="jp-Microapps-quiet">
        {facts.filter(fact => fact).join(' · ')}
      </p>
      {row.summary && <p className="jp-Microapps-quiet">{row.summary}</p>}
      <Fold summary={trans.__('Its checks')}>
        {() => <RevisionReport model={model} number={row.number} />}
      </Fold>
      <div className="jp-MicroappsQuestion-options">
        {row.current ? (
          <Button
            look="small"
            onClick={props.onFork}
          >
            {trans.__('Fork')}
          </Button>
        ) : (
          <Button
            look="small"
            onClick={() =>
              void model.attempt(() =>
                model.server.goto(model.name, row.number)
              )
            }
          >
            {trans.__('Go back to this')}
          </Button>
        )}
      </div>
    </li>
  );
}

function RevisionReport(props: {
  model: DocumentModel;
  number: number;
}): React.JSX.Element {
  const { model, number } = props;
  const trans = useTrans();
  const loaded = useLoaded(
    () => model.server.revision(model.name, number),
    [model.name, number]
  );
  const { value } = loaded;
  return (
    <>
      <Pending of={loaded} words={trans.__('Reading the report…')} />
      {value &&
        (value.report ? (
          <ul className="jp-MicroappsLayers">
            {value.report.layers.map(layer => (
              <LayerView key={layer.layer} layer={layer} />
            ))}
          </ul>
        ) : (
          <p className="jp-Microapps-quiet">{trans.__('It was not checked.')}</p>
        ))}
    </>
  );
}
