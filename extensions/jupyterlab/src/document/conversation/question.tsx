/** What a job asks: a question with options and room for other words, or permissions to approve. */

import * as React from 'react';

import { Button } from '../buttons';
import { sends } from '../../components/composer';
import { useFocusKept } from '../../drawing';
import type { Permissions } from '../../api';
import { useTrans } from '../react';
import { sentences } from '../phrases';
import type { IQuestion } from './job';

interface IProps {
  item: IQuestion;
  /** True when the answer has arrived. */
  onAnswer: (answer: string) => Promise<boolean>;
}

export function Question(props: IProps): React.JSX.Element {
  const { item } = props;
  const trans = useTrans();
  const [sent, setSent] = React.useState(false);
  const isOpen = item.answer === null && !item.lapsed;
  const give = async (answer: string) => {
    setSent(true);
    setSent(await props.onAnswer(answer));
  };
  const heading = React.useId();
  const section = useFocusKept<HTMLElement>();
  return (
    <section
      ref={section}
      tabIndex={-1}
      className={`jp-MicroappsQuestion${isOpen ? ' jp-mod-open' : ''}`}
      aria-labelledby={heading}
    >
      <p className="jp-MicroappsQuestion-text" id={heading} dir="auto">
        {item.permissions ? trans.__('The app asks to be allowed this:') : item.text}
      </p>
      {item.permissions && (
        <Asked permissions={item.permissions} reason={item.reason} />
      )}
      {isOpen &&
        (item.permissions ? (
          <Approval sent={sent} give={give} />
        ) : (
          <Options item={item} sent={sent} give={give} />
        ))}
      {item.answer !== null && (
        <p className="jp-MicroappsQuestion-answer">
          {item.permissions
            ? item.answer === 'yes'
              ? trans.__('You allowed this.')
              : trans.__('You did not allow this.')
            : trans.__('Your answer: %1', item.answer)}
        </p>
      )}
      {item.lapsed && (
        <p className="jp-Microapps-quiet">
          {trans.__('The job ended before this was answered.')}
        </p>
      )}
    </section>
  );
}

function Asked(props: {
  permissions: Permissions;
  reason: string;
}): React.JSX.Element {
  const trans = useTrans();
  return (
    <>
      <ul className="jp-MicroappsSentences">
        {sentences(trans, props.permissions).map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {props.reason && (
        <p>{trans.__('The reason it gives: %1', props.reason)}</p>
      )}
    </>
  );
}

interface IAnswering {
  sent: boolean;
  give: (answer: string) => Promise<void>;
}

function Approval(props: IAnswering): React.JSX.Element {
  const trans = useTrans();
  return (
    <div className="jp-MicroappsQuestion-options">
      <Button
        look="primary"
        disabled={props.sent}
        onClick={() => void props.give('yes')}
      >
        {trans.__('Allow')}
      </Button>
      <Button
        disabled={props.sent}
        onClick={() => void props.give('no')}
      >
        {trans.__('Do not allow')}
      </Button>
    </div>
  );
}

function Options(props: IAnswering & { item: IQuestion }): React.JSX.Element {
  const trans = useTrans();
  const [text, setText] = React.useState('');
  const { item, sent, give } = props;
  const ready = text.trim() !== '' && !sent;
  return (
    <>
      {item.options.length > 0 && (
        <div className="jp-MicroappsQuestion-options">
          {item.options.map(option => (
            <Button
              key={option}
              disabled={sent}
              onClick={() => void give(option)}
            >
              {option}
            </Button>
          ))}
        </div>
      )}
      <div className="jp-MicroappsQuestion-other">
        <input
          type="text"
          dir="auto"
          className="jp-MicroappsInput"
          aria-label={
            item.options.length
              ? trans.__('Another answer')
              : trans.__('Your answer')
          }
          placeholder={
            item.options.length
              ? trans.__('Another answer…')
              : trans.__('Your answer…')
          }
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            const { key, shiftKey, ctrlKey, altKey } = event;
            const { isComposing, keyCode } = event.nativeEvent;
            const pressed = { key, shiftKey, ctrlKey, altKey };
            if (sends({ ...pressed, isComposing, keyCode }) && ready) {
              void give(text.trim());
            }
          }}
        />
        <button
          type="button"
          className="jp-MicroappsButton"
          aria-disabled={!ready}
          onClick={() => ready && void give(text.trim())}
        >
          {trans.__('Answer')}
        </button>
      </div>
    </>
  );
}
