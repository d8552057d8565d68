/** Buttons as they look everywhere in a document: one that does something, and a row of which one is chosen. */

import * as React from 'react';

export function Button(props: {
  onClick: () => void;
  look?: 'primary' | 'warn' | 'small';
  disabled?: boolean;
  children: React.ReactNode;
}): React.JSX.Element {
  const { look } = props;
  return (
    <button
      type="button"
      className={`jp-MicroappsButton${look ? ` jp-mod-${look}` : ''}`}
      // Not `disabled`, which would take the focus away from who has just pressed it.
      aria-disabled={props.disabled}
      onClick={props.disabled ? undefined : props.onClick}
    >
      {props.children}
    </button>
  );
}

/** A choice of one among few, all of them in sight. */
export function Switch<T extends string>(props: {
  label: string;
  className: string;
  choices: readonly (readonly [T, string])[];
  chosen: T;
  onChoose: (choice: T) => void;
  small?: boolean;
}): React.JSX.Element {
  return (
    <div className={props.className} role="group" aria-label={props.label}>
      {props.choices.map(([choice, name]) => (
        <button
          key={choice}
          type="button"
          className={`jp-MicroappsButton${props.small ? ' jp-mod-small' : ''}`}
          aria-pressed={choice === props.chosen}
          onClick={() => props.onChoose(choice)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
