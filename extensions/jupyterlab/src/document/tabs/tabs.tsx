/** Tabs after the pattern of the ARIA Authoring Practices: one stop of the Tab key, arrows go between them. */

import * as React from 'react';

import { Fault } from '../../components/fault';
import { Button } from '../buttons';
import { useTrans, type ILoaded } from '../react';

export interface ITab<T extends string> {
  id: T;
  title: string;
  /** Something to know before opening it, such as that permissions are missing. */
  note?: string;
}

export function Tabs<T extends string>(props: {
  label: string;
  tabs: readonly ITab<T>[];
  selected: T;
  onSelect: (tab: T) => void;
  /** Prefix of the ids that tie tabs to panels. */
  id: string;
}): React.JSX.Element {
  const { tabs, selected, onSelect, id } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const go = (at: number) => {
    const next = tabs[(at + tabs.length) % tabs.length];
    onSelect(next.id);
    list.current?.querySelector<HTMLElement>(`#${id}-${next.id}`)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = tabs.findIndex(tab => tab.id === selected);
    const moves: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabs.length - 1
    };
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    }
  };
  return (
    <div
      ref={list}
      className="jp-MicroappsTabs"
      role="tablist"
      aria-label={props.label}
      onKeyDown={onKeyDown}
    >
      {tabs.map(tab => (
        <button
          key={tab.id}
          id={`${id}-${tab.id}`}
          type="button"
          role="tab"
          className="jp-MicroappsTabs-tab"
          aria-selected={tab.id === selected}
          aria-controls={`${id}-${tab.id}-panel`}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.title}
          {tab.note && (
            <span className="jp-MicroappsTabs-note">
              <span aria-hidden="true">●</span>
              <span className="jp-Microapps-hidden">{tab.note}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

/** What a tab shows. A panel that is not selected stays, hidden, once it was there. */
export function TabPanel(props: {
  id: string;
  tab: string;
  selected: boolean;
  /** Whether it scrolls by itself. */
  fixed?: boolean;
  children: React.ReactNode;
}): React.JSX.Element {
  const [drawn, setDrawn] = React.useState(props.selected);
  React.useEffect(() => setDrawn(drawn || props.selected), [props.selected]);
  return (
    <div
      id={`${props.id}-${props.tab}-panel`}
      role="tabpanel"
      aria-labelledby={`${props.id}-${props.tab}`}
      className={`jp-MicroappsTabs-panel${props.fixed ? ' jp-mod-fixed' : ''}`}
      hidden={!props.selected}
      tabIndex={props.fixed ? undefined : 0}
    >
      {(drawn || props.selected) && props.children}
    </div>
  );
}

/** What is said while something is read, or could not be. */
export function Pending(props: {
  of: ILoaded<unknown>;
  /** What is said while it is read for the first time. */
  words: string;
}): React.JSX.Element | null {
  const { value, fault, loading, again } = props.of;
  const trans = useTrans();
  if (fault) {
    return (
      <Fault fault={fault}>
        <Button look="small" onClick={again}>
          {trans.__('Try again')}
        </Button>
      </Fault>
    );
  }
  return loading && !value ? (
    <p className="jp-Microapps-quiet" role="status">
      {props.words}
    </p>
  ) : null;
}
