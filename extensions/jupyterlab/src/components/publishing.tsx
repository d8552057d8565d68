/** The ways into an app: links for oneself, for a guest, for anyone; made, shown with a QR code, copied, taken back. */

import { Clipboard, Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { AppCard, LinkRow, PublicationView, PublishedLink, StudioStatus } from '../api';
import { useFocusKept } from '../drawing';
import { tierNotice } from '../faults';
import type { LibraryServer } from '../library';
import { Reading } from '../reading';
import { refusalOf } from '../request';
import { language, wordsLanguage } from '../words';
import { Fault } from './fault';
import { aboutWords, reachWords } from './reach';

interface IPublishingProps {
  trans: TranslationBundle;
  server: LibraryServer;
  app: AppCard;
  status: StudioStatus | null;
  /** How the app is published as the dialog opens: read before, so that nothing moves under a person's hand. */
  publication: PublicationView;
}

type Role = LinkRow['role'];

/** A dialog in whose body Enter does what it does on any page; JupyterLab's own takes it for its default button. */
export class BodyDialog extends Dialog<unknown> {
  override handleEvent(event: Event): void {
    const inBody = (event.target as Element | null)?.closest?.('.jp-MicroappsPublishing');
    if (!(event instanceof KeyboardEvent && event.key === 'Enter' && inBody)) {
      super.handleEvent(event);
    }
  }
}

const DAY = 86_400_000;
/** Days after which a link may end by itself; 0 for never. */
const ENDS = [0, 1, 7, 30];

export function Publishing(props: IPublishingProps): React.JSX.Element {
  const { trans, server, app, status } = props;
  const [view, setView] = React.useState(props.publication);
  const [shown, setShown] = React.useState<PublishedLink | null>(null);
  const [said, setSaid] = React.useState('');
  const [fault, setFault] = React.useState('');
  const ways = React.useMemo(() => new Reading(() => server.publication(app.name), setView), [server, app.name]);
  const attempt = async (act: () => Promise<string>): Promise<boolean> => {
    setFault('');
    const refusal = await refusalOf(async () => {
      setSaid(await act()); // At once: what is said of what the person does next comes after it.
      await ways.readAnew();
    });
    if (refusal) {
      setSaid('');
    }
    setFault(refusal);
    return !refusal;
  };
  const body = useFocusKept<HTMLDivElement>();
  const good = view.links.filter(link => link.good);
  const notice = status && tierNotice(status.tier);
  return (
    <div ref={body} className="jp-Microapps jp-MicroappsPublishing" lang={wordsLanguage()}>
      {notice && (
        <div className="jp-MicroappsFault jp-mod-notice" role="note">
          {notice}
        </div>
      )}
      {view.trouble && (
        <div className="jp-MicroappsFault jp-mod-notice" role="note">
          {trans.__('The last visit that went wrong: %1', view.trouble)}
        </div>
      )}
      <Fault fault={fault} />
      {good.length > 0 && (
        <ul aria-label={trans.__('Links')}>
          {good.map(link => (
            <Row
              key={link.id}
              trans={trans}
              link={link}
              onShow={() =>
                void attempt(async () => {
                  setShown(await server.shownLink(app.name, link.id));
                  return '';
                })
              }
              onClose={() =>
                void attempt(async () => {
                  await server.closeLink(app.name, link.id);
                  setShown(null);
                  return trans.__('The link is taken back. Who came by it is out.');
                })
              }
            />
          ))}
        </ul>
      )}
      {shown?.url && <Shown trans={trans} link={shown} onSaid={setSaid} />}
      <div role="status" className="jp-Microapps-quiet">
        {said}
      </div>
      <Wish
        trans={trans}
        onMake={wish =>
          attempt(async () => {
            setShown(await server.openLink(app.name, wish));
            return trans.__('The link is made.');
          })
        }
      />
      <p className="jp-Microapps-quiet">{reachWords(trans, view.reach)}</p>
      {good.length > 1 && (
        <p>
          <button
            type="button"
            className="jp-MicroappsButton jp-mod-warn"
            onClick={() =>
              void attempt(async () => {
                await server.unpublish(app.name);
                setShown(null);
                return trans.__('All links are taken back.');
              })
            }
          >
            {trans.__('Take all links back')}
          </button>
        </p>
      )}
    </div>
  );
}

function Row(props: {
  trans: TranslationBundle;
  link: LinkRow;
  onShow: () => void;
  onClose: () => void;
}): React.JSX.Element {
  const { trans, link } = props;
  const name = roleName(trans, link);
  const facts = [
    link.password ? trans.__('with a password') : '',
    link.expires
      ? trans.__('until %1', new Date(link.expires).toLocaleDateString(language()))
      : '',
    trans._n('%1 visit', '%1 visits', link.visits)
  ];
  return (
    <li className="jp-MicroappsPanel-row">
      <span>
        {name} <small>{facts.filter(fact => fact).join(' · ')}</small>
      </span>
      {link.link !== null && (
        <button
          type="button"
          className="jp-MicroappsButton"
          aria-label={trans.__('Show the link: %1', name)}
          onClick={props.onShow}
        >
          {trans.__('Show')}
        </button>
      )}
      <button
        type="button"
        className="jp-MicroappsButton jp-mod-warn"
        aria-label={trans.__('Take back: %1', name)}
        onClick={props.onClose}
      >
        {trans.__('Take back')}
      </button>
    </li>
  );
}

/** One link to be given out: its address, a button that copies it, a code for a phone's camera. */
function Shown(props: {
  trans: TranslationBundle;
  link: PublishedLink;
  onSaid: (said: string) => void;
}): React.JSX.Element {
  const { trans, link, onSaid } = props;
  const url = link.url ?? '';
  const copy = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => copy.current?.focus(), [url]);
  return (
    <div className="jp-MicroappsPublishing-link">
      {link.qr && <img src={link.qr} alt={trans.__('QR code of the link')} width="148" height="148" />}
      <div>
        <input
          className="jp-MicroappsField"
          readOnly
          aria-label={trans.__('Link')}
          value={url}
          onFocus={event => event.target.select()}
        />
        <p>
          <button
            ref={copy}
            type="button"
            className="jp-MicroappsButton jp-mod-primary"
            onClick={() => {
              Clipboard.copyToSystem(url);
              onSaid(trans.__('The link is copied.'));
            }}
          >
            {trans.__('Copy the link')}
          </button>{' '}
          <a className="jp-MicroappsButton" href={url} target="_blank" rel="noreferrer noopener">
            {trans.__('Open it')}
          </a>
        </p>
        {link.about && <p className="jp-Microapps-quiet">{aboutWords(trans, link)}</p>}
      </div>
    </div>
  );
}

interface IWish {
  role: Role;
  label: string;
  password: string | null;
  expires: string | null;
}

function Wish(props: {
  trans: TranslationBundle;
  /** Tells whether the link was made. */
  onMake: (wish: IWish) => Promise<boolean>;
}): React.JSX.Element {
  const { trans } = props;
  const [role, setRole] = React.useState<Role>('owner');
  const [label, setLabel] = React.useState('');
  const [password, setPassword] = React.useState('');
  const [days, setDays] = React.useState(0);
  const [busy, setBusy] = React.useState(false);
  const roles: Record<Role, string> = {
    owner: trans.__('For myself, with my data'),
    guest: trans.__('For a guest, who has data of their own'),
    anyone: trans.__('For anyone who has the address')
  };
  const make = async () => {
    setBusy(true);
    setPassword('');
    setLabel('');
    const made = await props.onMake({
      role,
      label: role === 'guest' ? label.trim() : '',
      password: role === 'anyone' && password ? password : null,
      expires: days ? new Date(Date.now() + days * DAY).toISOString() : null
    });
    if (!made) {
      // They come back, unless others were typed meanwhile.
      setPassword(typed => typed || password);
      setLabel(typed => typed || label);
    }
    setBusy(false);
  };
  return (
    <form
      className="jp-MicroappsPublishing-wish"
      aria-label={trans.__('New link')}
      onSubmit={event => {
        event.preventDefault();
        if (!busy) {
          void make();
        }
      }}
    >
      <label>
        {trans.__('Who is it for?')}
        <select
          className="jp-MicroappsField"
          value={role}
          onChange={event => setRole(event.target.value as Role)}
        >
          {(Object.keys(roles) as Role[]).map(one => (
            <option key={one} value={one}>
              {roles[one]}
            </option>
          ))}
        </select>
      </label>
      {role === 'guest' && (
        <label>
          {trans.__('Name of the guest')}
          <input
            className="jp-MicroappsField"
            value={label}
            maxLength={80}
            onChange={event => setLabel(event.target.value)}
          />
        </label>
      )}
      {role === 'anyone' && (
        <label>
          {trans.__('Password, of 8 characters or more; empty for none')}
          <input
            className="jp-MicroappsField"
            type="password"
            autoComplete="new-password"
            minLength={8}
            value={password}
            onChange={event => setPassword(event.target.value)}
          />
        </label>
      )}
      <label>
        {trans.__('How long is it good?')}
        <select
          className="jp-MicroappsField"
          value={days}
          onChange={event => setDays(Number(event.target.value))}
        >
          {ENDS.map(end => (
            <option key={end} value={end}>
              {end ? trans._n('%1 day', '%1 days', end) : trans.__('Until I take it back')}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="jp-MicroappsButton" aria-disabled={busy}>
        {trans.__('Make the link')}
      </button>
    </form>
  );
}

function roleName(trans: TranslationBundle, link: LinkRow): string {
  switch (link.role) {
    case 'owner':
      return trans.__('For myself');
    case 'guest':
      return trans.__('Guest: %1', link.label);
    case 'anyone':
      return trans.__('Anyone');
  }
}
