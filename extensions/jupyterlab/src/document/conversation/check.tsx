/** A check as it goes: a line for each layer that has ended, folded findings, and the verdict. */

import * as React from 'react';

import type { Finding, LayerResult, Status } from '../../api';
import { useTrans } from '../react';
import { duration, layerName, statusWord } from '../phrases';
import { Fold } from './code';
import type { ICheck } from './job';
import { counted, passed } from './report';

export const MARKS: Record<Status | 'unchecked', string> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  unchecked: '?'
};

/** A sign for how something ended, with its word for who does not see it. */
export function Mark(props: {
  status: Status | 'unchecked';
}): React.JSX.Element {
  const trans = useTrans();
  return (
    <span className={`jp-MicroappsMark jp-mod-${props.status}`}>
      <span aria-hidden="true">{MARKS[props.status]}</span>
      <span className="jp-Microapps-hidden">
        {statusWord(trans, props.status)}
      </span>
    </span>
  );
}

export const Check = React.memo(function Check(props: {
  item: ICheck;
  /** Whether the job still goes on. */
  live: boolean;
}): React.JSX.Element {
  const trans = useTrans();
  const { item } = props;
  const counts = counted(item.layers);
  const good = item.report && passed(item.report);
  const title =
    item.round > 1
      ? trans.__('Check after repair %1', item.round - 1)
      : trans.__('Check');
  const verdict = !item.report
    ? props.live
      ? trans.__('checking…')
      : trans.__('not finished')
    : good
      ? trans.__(
          'passed: %1, %2',
          trans._n('%1 check', '%1 checks', counts.checks),
          trans._n('%1 test', '%1 tests', counts.tests)
        )
      : trans._n('%1 fault found', '%1 faults found', counts.errors);
  return (
    <section
      className="jp-MicroappsCheck"
      aria-label={`${title}: ${verdict}`}
    >
      <div className="jp-MicroappsCheck-title">
        {item.report && <Mark status={good ? 'passed' : 'failed'} />}
        <strong>{title}</strong>
        <span className="jp-Microapps-quiet">
          {verdict}
          {item.report && ` · ${duration(trans, item.report.seconds)}`}
        </span>
      </div>
      <ul className="jp-MicroappsLayers">
        {item.layers.map(layer => (
          <LayerView key={layer.layer} layer={layer} />
        ))}
      </ul>
    </section>
  );
});

/** One layer with its findings. */
export function LayerView(props: {
  layer: LayerResult;
  open?: boolean;
}): React.JSX.Element {
  const trans = useTrans();
  const { layer } = props;
  const tests = counted([layer]);
  const told = tests.tests
    ? trans._n('%2 of %1 test', '%2 of %1 tests', tests.tests, tests.passedTests)
    : layer.note;
  const line = (
    <>
      <Mark status={layer.status} />
      <span className="jp-MicroappsLayer-name">
        {layerName(trans, layer.layer)}
      </span>
      <span className="jp-MicroappsLayer-note">{told}</span>
      {layer.status !== 'skipped' && (
        <span className="jp-MicroappsLayer-time">
          {duration(trans, layer.seconds)}
        </span>
      )}
    </>
  );
  return (
    <li className="jp-MicroappsLayer">
      {layer.findings.length ? (
        <Fold summary={line} open={props.open}>
          {() => <Findings findings={layer.findings} />}
        </Fold>
      ) : (
        <div className="jp-MicroappsLayer-line">{line}</div>
      )}
    </li>
  );
}

export function Findings(props: {
  findings: readonly Finding[];
}): React.JSX.Element {
  const trans = useTrans();
  return (
    <ul className="jp-MicroappsFindings">
      {props.findings.map((found, at) => (
        <li key={at} className={`jp-mod-${found.severity}`}>
          <strong>
            {found.severity === 'error'
              ? trans.__('Fault')
              : trans.__('Warning')}
          </strong>{' '}
          {found.cell && <code>{found.cell}</code>}{' '}
          <span className="jp-MicroappsFindings-what">{found.what}</span>
          {found.expected && (
            <div className="jp-Microapps-quiet">
              {trans.__('Expected: %1', found.expected)}
            </div>
          )}
          {found.hint && <div>→ {found.hint}</div>}
        </li>
      ))}
    </ul>
  );
}
