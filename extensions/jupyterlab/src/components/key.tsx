/**
 * The key of the model: one field to give it, one click to test it. The server stores it and never sends it back; in
 * the page it is nowhere but in the field, which React does not control: it would write the key into the page's HTML.
 */

import * as React from 'react';

import type { KeyTest } from '../api';
import { withWord } from '../faults';
import { refusalOf } from '../request';
import { Fault } from './fault';
import type { IPanelProps } from './react';

export function Key(props: IPanelProps & { onClose: () => void }): React.JSX.Element | null {
  const { trans, model, server, around } = props;
  const [typed, setTyped] = React.useState(false);
  const [busy, setBusy] = React.useState('');
  /** A key was given while something else was under way: it is stored after that. */
  const [due, setDue] = React.useState(false);
  const [said, setSaid] = React.useState<KeyTest | null>(null);
  const [fault, setFault] = React.useState('');
  const field = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => field.current?.focus(), []);
  React.useEffect(() => {
    if (due && !busy) {
      setDue(false);
      field.current?.form?.requestSubmit();
    }
  }, [due, busy]);
  const key = model.status?.key;
  // What a test said was of the key that there was, here or in another window.
  React.useEffect(() => setSaid(null), [key?.present, key?.source, key?.endpoint]);
  if (!key) {
    return null;
  }
  const attempt = async (what: string, act: () => Promise<void>) => {
    setBusy(what);
    setFault('');
    setSaid(null);
    setFault(await refusalOf(act));
    setBusy('');
  };
  const save = (input: HTMLInputElement) =>
    attempt('save', async () => {
      const given = input.value;
      await server.setKey(given.trim());
      if (input.value === given) {
        input.value = '';
        setTyped(false);
      }
      await model.refresh(['status']);
    });
  const remove = async () => {
    const sure = await around.confirm(
      trans.__('Remove the key?'),
      trans.__('Without a key, what you ask for is made from starters.'),
      trans.__('Remove')
    );
    if (sure) {
      await attempt('remove', async () => {
        await server.removeKey();
        await model.refresh(['status']);
        field.current?.focus(); // The button is gone with the key.
      });
    }
  };
  return (
    <section className="jp-MicroappsPanel-key" aria-label={trans.__('Key for the model')}>
      <h3>{trans.__('Key for the model')}</h3>
      {key.present && <p>{trans.__('There is a key: %1.', key.source)}</p>}
      {key.endpoint && <p>{trans.__('It is for the endpoint %1.', key.endpoint)}</p>}
      <form
        onSubmit={event => {
          event.preventDefault();
          if (field.current?.value.trim()) {
            setDue(!!busy);
            if (!busy) {
              void save(field.current);
            }
          }
        }}
      >
        <input
          ref={field}
          className="jp-MicroappsField"
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-label={key.present ? trans.__('Another key') : trans.__('Key')}
          placeholder={key.present ? trans.__('Another key') : trans.__('Key')}
          onChange={event => {
            setDue(false);
            setTyped(!!event.target.value.trim());
          }}
        />
        <button
          type="submit"
          className="jp-MicroappsButton jp-mod-primary"
          aria-disabled={!typed || !!busy}
        >
          {trans.__('Store')}
        </button>
      </form>
      <p className="jp-Microapps-quiet">
        {trans.__('The Jupyter server stores it. It is never shown again, and no app can read it.')}
      </p>
      <div className="jp-MicroappsPanel-choices">
        {key.present && (
          <button
            type="button"
            className="jp-MicroappsButton"
            aria-disabled={!!busy}
            onClick={() =>
              !busy && void attempt('test', async () => setSaid(await server.testKey()))
            }
          >
            {busy === 'test' ? trans.__('Testing…') : trans.__('Test the key')}
          </button>
        )}
        {key.present && key.removable && (
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-warn"
            aria-disabled={!!busy}
            onClick={() => !busy && void remove()}
          >
            {trans.__('Remove')}
          </button>
        )}
        <button type="button" className="jp-MicroappsButton" onClick={props.onClose}>
          {trans.__('Close')}
        </button>
      </div>
      {key.present && (
        <p className="jp-Microapps-quiet">
          {withWord(trans.__('A test makes one small call, which costs a fraction of a cent.'), key.test_cost)}
        </p>
      )}
      <div role="status">
        {said && (
          <p className={said.ok ? 'jp-MicroappsPanel-good' : 'jp-MicroappsPanel-bad'}>
            {withWord(
              said.ok ? trans.__('The key works.') : trans.__('The key does not work.'),
              [said.what, said.hint, said.cost].filter(part => part).join(' ')
            )}
          </p>
        )}
      </div>
      <Fault fault={fault} />
    </section>
  );
}
