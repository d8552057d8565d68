/** Something that went wrong in the running app, with the offer to mend it. */

import * as React from 'react';

import { Button } from '../buttons';
import { useFocusKept } from '../../drawing';
import { pythonLanguage } from '../../words';
import { useTrans } from '../react';
import { Fold } from './code';
import type { ITroubleEntry } from './thread';

interface IProps {
  entry: ITroubleEntry;
  onFix: () => void;
  onDismiss: () => void;
}

export function Trouble(props: IProps): React.JSX.Element {
  const trans = useTrans();
  const { failure, repair } = props.entry;
  const inputs = Object.entries(failure.inputs ?? {});
  const heading = React.useId();
  const section = useFocusKept<HTMLElement>();
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="jp-MicroappsTrouble"
      aria-labelledby={heading}
    >
      <p id={heading}>
        <strong>{trans.__('Something went wrong in the app')}</strong>
      </p>
      <p className="jp-MicroappsTrouble-error">{failure.error}</p>
      {inputs.length > 0 && (
        <Fold summary={trans.__('What was typed')}>
          <dl className="jp-MicroappsTrouble-inputs">
            {inputs.map(([label, value]) => (
              <React.Fragment key={label}>
                <dt>{label}</dt>
                <dd>{value || trans.__('(empty)')}</dd>
              </React.Fragment>
            ))}
          </dl>
        </Fold>
      )}
      {failure.traceback && (
        <Fold summary={trans.__('Details for programmers')}>
          <pre
            className="jp-MicroappsPlain"
            tabIndex={0}
            lang={pythonLanguage(failure.traceback)}
            dir="ltr"
          >
            {failure.traceback}
          </pre>
        </Fold>
      )}
      {repair ? (
        <p className="jp-Microapps-quiet">{trans.__('A repair was begun.')}</p>
      ) : (
        <div className="jp-MicroappsQuestion-options">
          <Button
            look="primary"
            onClick={props.onFix}
          >
            {trans.__('Fix it')}
          </Button>
          <Button
            onClick={props.onDismiss}
          >
            {trans.__('Dismiss')}
          </Button>
        </div>
      )}
    </section>
  );
}
