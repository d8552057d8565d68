/** The parts of the running app that the next message is about, as chips that can be taken away. */

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Reference } from '../../api';
import { Remove } from '../../components/remove';
import { useTrans } from '../react';
import type { Unsent } from './unsent';

export function References(props: {
  unsent: Unsent;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { references } = props.unsent;
  if (!references.length) {
    return null;
  }
  return (
    <ul
      className="jp-MicroappsComposer-files"
      aria-label={trans.__('Parts of the app this is about')}
    >
      {references.map((reference, at) => (
        <li key={at} className="jp-MicroappsChip jp-mod-reference">
          <span className="jp-MicroappsChip-text">
            {referenceWords(trans, reference)}
          </span>
          <Remove
            label={trans.__('Remove %1', nameOf(reference))}
            onClick={() => props.unsent.removeReference(reference)}
          />
        </li>
      ))}
    </ul>
  );
}

/** A part of the app, as in "this button: Split". */
export function referenceWords(
  trans: TranslationBundle,
  reference: Reference
): string {
  const kind = kindWord(trans, reference.kind ?? '');
  return trans.__('this %1: %2', kind, nameOf(reference));
}

function nameOf(reference: Reference): string {
  return reference.label || reference.variable;
}

function kindWord(
  trans: TranslationBundle,
  kind: string
): string {
  const name = kind.replace(/(Model|View)$/, '').toLowerCase();
  if (name.includes('toggle') || name.includes('button')) {
    return trans.__('button');
  }
  if (name.includes('slider')) {
    return trans.__('slider');
  }
  if (/dropdown|select|radio|combobox/.test(name)) {
    return trans.__('choice');
  }
  if (name.includes('checkbox') || name === 'valid') {
    return trans.__('checkbox');
  }
  if (/upload|picker|text|entry/.test(name) && name !== 'htmltext') {
    return trans.__('field');
  }
  return trans.__('part');
}
