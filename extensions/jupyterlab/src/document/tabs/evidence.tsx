/** How the app was checked: each criterion in plain words with its tests, then every layer of the check. */

import * as React from 'react';

import { Button } from '../buttons';
import type { CriterionEvidence, LayerResult, TestEvidence } from '../../api';
import { LayerView, Mark } from '../conversation/check';
import { Fold } from '../conversation/code';
import type { DocumentModel } from '../model';
import { duration, moment, statusWord } from '../phrases';
import { useLoaded, useTrans } from '../react';
import { pythonLanguage } from '../../words';
import { useOutdated } from './fresh';
import { Pending } from './tabs';

export function EvidenceTab(props: {
  model: DocumentModel;
}): React.JSX.Element {
  const { model } = props;
  const trans = useTrans();
  const [checking, setChecking] = React.useState(false);
  const loaded = useLoaded(
    () => model.server.evidence(model.name),
    [model.name, model.detail?.current]
  );
  const { value, again } = loaded;
  useOutdated(model, ['checked'], again);
  const check = async () => {
    setChecking(true);
    await model.attempt(() => model.server.check(model.name));
    setChecking(false);
    again();
  };
  return (
    <div className="jp-MicroappsTab">
      <Pending of={loaded} words={trans.__('Reading the evidence…')} />
      {value && (
        <>
          <div className="jp-MicroappsTab-head">
            <p>
              <Mark status={value.state} />{' '}
              <strong>{value.summary || statusWord(trans, value.state)}</strong>
              {value.at && (
                <>
                  <br />
                  <span className="jp-Microapps-quiet">
                    {trans.__(
                      'Revision %1, checked on %2 in %3',
                      value.revision,
                      moment(value.at),
                      duration(trans, value.seconds)
                    )}
                  </span>
                </>
              )}
            </p>
            <Button
              disabled={checking}
              onClick={() => void check()}
            >
              {checking ? trans.__('Checking…') : trans.__('Check again')}
            </Button>
          </div>
          <h3>{trans.__('What the app must do')}</h3>
          {value.criteria.length ? (
            <ul className="jp-MicroappsCriteria">
              {value.criteria.map(criterion => (
                <CriterionView key={criterion.id} criterion={criterion} />
              ))}
            </ul>
          ) : (
            <p className="jp-Microapps-quiet">
              {trans.__('Nothing was written down that this app must do.')}
            </p>
          )}
          {value.tests.length > 0 && (
            <Fold
              summary={trans._n(
                '%1 further test',
                '%1 further tests',
                value.tests.length
              )}
            >
              {() => <Tests tests={value.tests} />}
            </Fold>
          )}
          {value.probe && <Probe probe={value.probe} />}
          <h3>{trans.__('Every check')}</h3>
          <ul className="jp-MicroappsLayers">
            {value.layers.map(layer => (
              <LayerView
                key={layer.layer}
                layer={layer}
                open={layer.status === 'failed'}
              />
            ))}
          </ul>
          <h3>{trans.__('What a person sees')}</h3>
          {value.screenshot ? (
            // Where there is little room, it can be looked at alone.
            <a
              href={model.server.pictureUrl(value.screenshot)}
              target="_blank"
              rel="noreferrer"
            >
              <img
                className="jp-MicroappsEvidence-picture"
                src={model.server.pictureUrl(value.screenshot)}
                alt={trans.__('The app as it was checked')}
              />
            </a>
          ) : (
            <p className="jp-Microapps-quiet">
              {trans.__('There is no picture of this revision.')}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function CriterionView(props: {
  criterion: CriterionEvidence;
}): React.JSX.Element {
  const trans = useTrans();
  const { criterion } = props;
  const ran = criterion.tests.filter(test => test.passed !== null).length;
  return (
    <li>
      <Fold
        open={criterion.state === 'failed'}
        summary={
          <>
            <Mark status={criterion.state} />
            <span className="jp-MicroappsCriteria-sentence" dir="auto">
              {criterion.sentence}
            </span>
            <span className="jp-Microapps-quiet">
              {trans._n('%1 test', '%1 tests', ran)}
            </span>
          </>
        }
      >
        {() => <Tests tests={criterion.tests} />}
      </Fold>
    </li>
  );
}

function Tests(props: { tests: readonly TestEvidence[] }): React.JSX.Element {
  const trans = useTrans();
  return (
    <ul className="jp-MicroappsTests">
      {props.tests.map(test => (
        <li key={test.name}>
          <Mark
            status={
              test.passed === null
                ? 'unchecked'
                : test.passed
                  ? 'passed'
                  : 'failed'
            }
          />
          <span title={test.name} lang={pythonLanguage(test.name)} dir="auto">
            {sentence(test.name)}
          </span>
          {test.passed !== null && (
            <span className="jp-Microapps-quiet">
              {duration(trans, test.seconds)}
            </span>
          )}
          {test.message && (
            <Fold summary={trans.__('Details for programmers')}>
              <pre className="jp-MicroappsPlain" tabIndex={0} lang={pythonLanguage(test.message)} dir="ltr">
                {test.message}
              </pre>
            </Fold>
          )}
        </li>
      ))}
    </ul>
  );
}

/** `test_total_is_shared` as words. */
function sentence(test: string): string {
  const words = test.replace(/^test_/, '').replace(/_/g, ' ');
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function Probe(props: { probe: LayerResult }): React.JSX.Element {
  const trans = useTrans();
  const { probe } = props;
  return (
    <>
      <h3>{trans.__('What was tried to break it')}</h3>
      <p>
        <Mark status={probe.status} /> {probe.note}
      </p>
    </>
  );
}
