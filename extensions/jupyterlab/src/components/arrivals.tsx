/** Where my apps are, an app that was exported elsewhere can be dropped. */

import * as React from 'react';

import type { IPanelProps } from './react';

export function Arrivals(props: React.PropsWithChildren<IPanelProps>): React.JSX.Element {
  const { trans, around, children } = props;
  const [over, setOver] = React.useState(false);
  const [refused, setRefused] = React.useState('');
  return (
    <div
      className={`jp-MicroappsPanel-arrivals${over ? ' jp-mod-dropTarget' : ''}`}
      onDragOver={event => {
        if (event.dataTransfer.types.includes('Files')) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) {
          setOver(false);
        }
      }}
      onDrop={event => {
        setOver(false);
        const files = Array.from(event.dataTransfer.files);
        if (!files.length) {
          return;
        }
        event.preventDefault();
        const apps = files.filter(file => file.name.endsWith('.ipynb'));
        apps.forEach(file => around.import(file));
        const other = files.find(file => !apps.includes(file));
        setRefused(
          other
            ? trans.__('%1 is no micro-app: those are notebooks, .ipynb. To use it as data, drop it above.', other.name)
            : ''
        );
      }}
    >
      <div role="status">{refused && <p className="jp-MicroappsFault jp-mod-notice">{refused}</p>}</div>
      {children}
    </div>
  );
}
