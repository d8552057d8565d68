/**
 * Where a person says what they want: a text field that grows with what is typed, what goes with it, and a button.
 *
 * Enter sends, Shift+Enter breaks the line, and an Enter that confirms a word of an input method (Korean, Japanese,
 * Chinese) never sends. Files are attached by picking, by dropping them here, or by pasting.
 */

import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon, folderIcon, stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Remove } from './remove';

/** A file that goes with the request. */
export interface IAttachment {
  /** Tells attachments apart here; not the server's id. */
  key: string;
  name: string;
  state: 'sending' | 'ready' | 'failed';
  /** Why it failed. */
  what?: string;
}

export interface IComposerProps {
  trans: TranslationBundle;
  /** What the field is, for who does not see it. */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  /** Called with a text that is not empty. */
  onSend: () => void;
  sendLabel: string;
  /** When given, a button that stops what runs. */
  onStop?: () => void;
  attachments?: readonly IAttachment[];
  onAttach?: (files: File[]) => void;
  onDetach?: (key: string) => void;
  /** A further way to attach, such as from the folder that JupyterLab shows. */
  onPick?: () => void;
  /** Shown above the field, such as parts of the app that were pointed at. */
  above?: React.ReactNode;
  /** Shown at the left of the buttons, such as a choice of speed. */
  controls?: React.ReactNode;
  /** Gives the field to whoever wants to put the cursor into it. */
  fieldRef?: React.Ref<HTMLTextAreaElement>;
  minimumRows?: number;
}

/** Whether a key press means "send this". */
export function sends(event: {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}): boolean {
  // Some browsers end the composition before they report its Enter, with the key code of a composition.
  return (
    event.key === 'Enter' &&
    !event.shiftKey &&
    !event.altKey &&
    !event.isComposing &&
    event.keyCode !== 229
  );
}

export function Composer(props: IComposerProps): React.JSX.Element {
  const { trans, value, onAttach } = props;
  const [over, setOver] = React.useState(false);
  const field = React.useRef<HTMLTextAreaElement | null>(null);
  const picker = React.useRef<HTMLInputElement | null>(null);
  const holds = (state: IAttachment['state']) => props.attachments?.some(file => file.state === state) ?? false;
  const arriving = holds('sending');
  const ready = value.trim() !== '' && !arriving && !holds('failed');
  // Who sends while a file is on its way need not do so again when it is there.
  const [due, setDue] = React.useState(false);
  const send = () => {
    if (ready) {
      props.onSend();
    } else {
      setDue(arriving);
    }
  };
  React.useEffect(() => {
    if (due && !arriving) {
      setDue(false);
      if (ready) {
        props.onSend();
      }
    }
  }, [due, arriving]);

  React.useLayoutEffect(() => {
    if (field.current) {
      fit(field.current);
    }
  }, [value]);
  React.useEffect(() => {
    const element = field.current;
    if (!element) {
      return undefined;
    }
    let width = 0;
    const watch = new ResizeObserver(() => {
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        fit(element);
      }
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const attach = (files: FileList | null | undefined): boolean => {
    if (!onAttach || !files?.length) {
      return false;
    }
    onAttach(Array.from(files));
    return true;
  };
  const holdsFiles = (event: React.DragEvent): boolean =>
    !!onAttach && event.dataTransfer.types.includes('Files');

  return (
    <div
      className={`jp-MicroappsComposer${over ? ' jp-mod-dropTarget' : ''}`}
      onDragOver={event => {
        if (holdsFiles(event)) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        setOver(false);
        if (attach(event.dataTransfer.files)) {
          event.preventDefault();
        }
      }}
    >
      {props.above}
      <Attachments {...props} />
      <textarea
        ref={element => {
          field.current = element;
          if (typeof props.fieldRef === 'function') {
            props.fieldRef(element);
          } else if (props.fieldRef) {
            (
              props.fieldRef as React.MutableRefObject<HTMLTextAreaElement | null>
            ).current = element;
          }
        }}
        className="jp-MicroappsComposer-field"
        dir="auto"
        aria-label={props.label}
        placeholder={props.placeholder}
        rows={props.minimumRows ?? 2}
        value={value}
        onChange={event => {
          setDue(false); // What is sent is what was there.
          props.onChange(event.target.value);
        }}
        onKeyDown={event => {
          if (sends({ ...keys(event), ...composing(event) })) {
            event.preventDefault();
            send();
          }
        }}
        onPaste={event => {
          if (attach(event.clipboardData.files)) {
            event.preventDefault();
          }
        }}
      />
      <div className="jp-MicroappsComposer-bar">
        {onAttach && (
          <>
            <button
              type="button"
              className="jp-MicroappsButton jp-mod-icon"
              title={trans.__('Attach a data file')}
              aria-label={trans.__('Attach a data file')}
              onClick={() => picker.current?.click()}
            >
              <addIcon.react tag="span" />
            </button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-hidden="true"
              tabIndex={-1}
              onChange={event => {
                attach(event.target.files);
                event.target.value = '';
              }}
            />
          </>
        )}
        {props.onPick && (
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-icon"
            title={trans.__('Attach a file of this folder')}
            aria-label={trans.__('Attach a file of this folder')}
            onClick={props.onPick}
          >
            <folderIcon.react tag="span" width="16px" />
          </button>
        )}
        {props.controls}
        <span className="jp-MicroappsComposer-space" />
        {props.onStop && (
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-warn"
            onClick={props.onStop}
          >
            <stopIcon.react tag="span" />
            {trans.__('Stop')}
          </button>
        )}
        <button
          type="button"
          className="jp-MicroappsButton jp-mod-primary"
          // Not `disabled`, which would take the focus away from who has just sent by this button.
          aria-disabled={!ready}
          onClick={send}
        >
          {props.sendLabel}
        </button>
      </div>
    </div>
  );
}

/** As high as its text; one that is hidden has no height to tell, and keeps its rows. */
function fit(element: HTMLTextAreaElement): void {
  element.style.height = 'auto';
  if (element.scrollHeight) {
    element.style.height = `${element.scrollHeight + 2}px`;
  }
}

function Attachments(props: IComposerProps): React.JSX.Element | null {
  const { trans, attachments = [] } = props;
  if (!attachments.length) {
    return null;
  }
  const lacking = attachments.some(file => file.state === 'failed');
  const list = (
    <ul
      className="jp-MicroappsComposer-files"
      aria-label={trans.__('Attached files')}
    >
      {attachments.map(file => (
        <li
          key={file.key}
          className={`jp-MicroappsChip${file.state === 'failed' ? ' jp-mod-error' : ''}`}
        >
          <span className="jp-MicroappsChip-text">
            {file.state === 'failed'
              ? trans.__('%1: %2', file.name, file.what ?? '')
              : file.name}
          </span>
          {file.state === 'sending' && (
            <span className="jp-MicroappsChip-note">
              {trans.__('being sent…')}
            </span>
          )}
          {props.onDetach && (
            <Remove
              label={trans.__('Remove %1', file.name)}
              onClick={() => props.onDetach?.(file.key)}
            />
          )}
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {list}
      {lacking && (
        <p className="jp-MicroappsChip-note" role="alert">
          {trans.__('Remove the file that could not be attached, or attach it again, before you send.')}
        </p>
      )}
    </>
  );
}

function keys(event: React.KeyboardEvent) {
  const { key, shiftKey, ctrlKey, altKey } = event;
  return { key, shiftKey, ctrlKey, altKey };
}

function composing(event: React.KeyboardEvent) {
  const { isComposing, keyCode } = event.nativeEvent;
  return { isComposing, keyCode };
}
