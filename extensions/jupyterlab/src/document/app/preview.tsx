/**
 * The running app: the very page that is published, in a frame of its own, with a choice of width and the pointer tool.
 */

import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useChanges } from '../../drawing';
import { Button, Switch } from '../buttons';
import type { DocumentModel } from '../model';
import { useTrans } from '../react';
import type { PageModel, Width } from './model';

/** CSS pixels; 390 is what the checks look at as well. */
const WIDTHS: Record<Width, number | null> = {
  full: null,
  tablet: 820,
  phone: 390
};

export function Preview(props: {
  model: DocumentModel;
  /** Whether there is a conversation beside it that can be about a part of the app. */
  pointable: boolean;
}): React.JSX.Element {
  const { model, pointable } = props;
  const { page } = model;
  const trans = useTrans();
  useChanges(page);
  const width = WIDTHS[page.width];
  const shown = page.frames.some(frame => frame.state === 'shown');
  return (
    <div className="jp-MicroappsPreview">
      <Bar model={model} pointable={pointable} />
      <div
        className={`jp-MicroappsPreview-stage jp-mod-${page.width}`}
        aria-busy={page.state === 'loading'}
      >
        <div
          className="jp-MicroappsPreview-page"
          style={width === null ? undefined : { width: `${width}px` }}
        >
          {page.frames.map(frame => (
            <iframe
              key={frame.key}
              ref={element => page.attach(frame.key, element)}
              className={`jp-MicroappsPreview-frame jp-mod-${frame.state}`}
              src={frame.url}
              title={trans.__('The app %1', model.title)}
              // No `allow-same-origin`: the page has an origin of its own, which none of this server's rights reach.
              sandbox="allow-scripts allow-forms allow-downloads"
              referrerPolicy="no-referrer"
              aria-hidden={frame.state === 'loading' && shown}
              tabIndex={frame.state === 'loading' ? -1 : 0}
            />
          ))}
          <Cover model={model} shown={shown} />
        </div>
      </div>
    </div>
  );
}

function Bar(props: {
  model: DocumentModel;
  pointable: boolean;
}): React.JSX.Element {
  const { model } = props;
  const { page } = model;
  const trans = useTrans();
  const there = page.frames.length > 0;
  return (
    <div
      className="jp-MicroappsPreview-bar"
      role="toolbar"
      aria-label={trans.__('App')}
    >
      {props.pointable && (
        <button
          type="button"
          className="jp-MicroappsButton"
          aria-pressed={page.pointing}
          disabled={!there}
          title={trans.__('Click a part of the app to talk about it')}
          onClick={() => page.setPointing(!page.pointing)}
        >
          {trans.__('Point and ask')}
        </button>
      )}
      <span className="jp-MicroappsComposer-space" />
      <Switch
        label={trans.__('Width')}
        className="jp-MicroappsSwitch"
        choices={[
          ['phone', trans.__('Phone')],
          ['tablet', trans.__('Tablet')],
          ['full', trans.__('Full')]
        ]}
        chosen={page.width}
        onChoose={width => page.setWidth(width)}
        small
      />
      <button
        type="button"
        className="jp-MicroappsButton jp-mod-icon"
        aria-label={trans.__('Load the app again')}
        title={trans.__('Load the app again')}
        disabled={!model.name}
        onClick={() => void page.load(model.name)}
      >
        <refreshIcon.react tag="span" />
      </button>
    </div>
  );
}

/** What is said in place of the page, or over it, while there is none to use. */
function Cover(props: {
  model: DocumentModel;
  shown: boolean;
}): React.JSX.Element | null {
  const { model, shown } = props;
  const { page } = model;
  const trans = useTrans();
  useChanges(model.conversation); // What is said where no app is depends on whether one is being made.
  if (page.state === 'failed') {
    return (
      <Message
        role="alert"
        title={trans.__('The app cannot be shown')}
        text={page.fault}
        page={page}
        name={model.name}
      />
    );
  }
  if (page.state === 'gone') {
    return (
      <Message
        role="status"
        title={trans.__('The app has stopped')}
        text={trans.__('Nothing was lost but what was typed into it.')}
        page={page}
        name={model.name}
      />
    );
  }
  if (page.pointing) {
    return (
      <p className="jp-MicroappsPreview-strip" role="status">
        {trans.__('Click the part of the app that you want to talk about.')}
      </p>
    );
  }
  if (page.state === 'loading') {
    return shown ? (
      <p className="jp-MicroappsPreview-strip" role="status">
        {trans.__('The new version is being loaded…')}
      </p>
    ) : (
      <Message role="status" title={trans.__('The app is starting…')} />
    );
  }
  if (!page.frames.length) {
    return <Message role="status" {...absent(trans, model)} />;
  }
  return null;
}

function absent(
  trans: ReturnType<typeof useTrans>,
  model: DocumentModel
): { title: string; text?: string } {
  switch (model.state) {
    case 'making':
      return model.conversation.running
        ? {
            title: trans.__('Your app will be here'),
            text: trans.__('It is shown as soon as its checks have passed.')
          }
        : {
            title: trans.__('There is no app yet'),
            text: trans.__('Say what you need, or try again.')
          };
    case 'trashed':
      return {
        title: trans.__('This app is in the trash'),
        text: trans.__('Take it out of there to use it again.')
      };
    case 'missing':
      return { title: trans.__('There is no such app') };
    default:
      return { title: trans.__('The app is starting…') };
  }
}

function Message(props: {
  role: 'status' | 'alert';
  title: string;
  text?: string;
  page?: PageModel;
  name?: string;
}): React.JSX.Element {
  const trans = useTrans();
  const { page, name } = props;
  return (
    <div className="jp-MicroappsPreview-message" role={props.role}>
      <strong>{props.title}</strong>
      {props.text && <p>{props.text}</p>}
      {page && name && (
        <Button
          onClick={() => void page.load(name)}
        >
          {trans.__('Start it again')}
        </Button>
      )}
    </div>
  );
}
