/**
 * Runs in the head of the page, before the client is there: opens the connection, so that the visitor's process starts
 * while the client loads, and writes down what the person does to the drawn page, so that none of it is lost. What is
 * simple is answered at once (`quick.ts`).
 *
 * It also gets the client: the frame around it, which is there sooner, fetches it and hands over its text. The page's
 * policy lets that very text run, and no other.
 */

import { goOnThere } from './along';
import type { Begun } from './begun';
import { connected, joined, uncovered } from './covered';
import { DOING, type Done, doing, wrote } from './doing';
import { fetchClient } from './fetching';
import { Hands } from './hands';
import { late, paint } from './moments';
import { Quick } from './quick';
import { tellReadouts } from './readouts';
import { entersTag, leadToTagField, tellTagEntered } from './tagging';
import { liveAddress } from './whereabouts';

/** What has happened before the client took over. */
export interface Meanwhile {
  /** Answers what is simple, until the client takes over what was begun. */
  quick: Quick;
  done: Done[];
  hands: Hands;
  /** Write down no more. */
  over: () => void;
}

declare global {
  interface Window {
    microappsMeanwhile?: Meanwhile;
    /** What the page's policy kept from running before `templates/voila/bridge.js` was there, which says so. */
    microappsBlocked?: SecurityPolicyViolationEvent[];
  }
}

/** What is kept of that: the first that was a script counts. */
const MOST_BLOCKED = 50;

const quick = new Quick({ data: 'page', ours: false });
const done: Done[] = [];
const { client } = document.documentElement.dataset;
/** Whether there is a frame of ours around the page, which hands it the client. */
const framed = client !== undefined && window.parent !== window;
const connect = () => quick.connect(liveAddress(location.href));
/** Whether the frame has joined the visitor's process: then it is joined here when that says what has happened. */
const cover = framed ? joined() : Promise.resolve(false);
void cover.then(there => there || connect());

const note = (event: Event) => {
  const act = doing(event);
  if (act && act.type !== 'click' && quick.slid(event)) {
    return;
  }
  if (act && !(act.type === 'click' && quick.pressed(act.target))) {
    quick.leave();
    done.push(act);
  }
};
/** What is put into a field is written down in order with the rest, until it is sent. */
const change = ({ type, target }: Event) => {
  const field = target as Element;
  const handled = quick.changed(type, field);
  const act = wrote(field);
  const isTag = act !== null && type === 'change' && entersTag(field);
  const before = done.findLastIndex(each => each.type === 'input' && each.target === field && !each.field?.isTag);
  if (before >= 0 && (handled === 'sent' || isTag || before === done.length - 1)) {
    done.splice(before, 1);
  }
  if (act?.field) {
    act.field.isTag = isTag;
  }
  if (act && handled !== 'sent') {
    done.push(act);
  }
};
const listeners: [string, (event: Event) => unknown][] = [
  ...DOING.map(type => [type, note] as [string, typeof note]),
  ['input', change],
  ['change', change],
  ['click', leadToTagField],
  ['keydown', event => tellTagEntered(event as KeyboardEvent)],
];
tellReadouts(addEventListener);
for (const [type, listen] of listeners) {
  addEventListener(type, listen, true);
}
const over = () => {
  tellReadouts(removeEventListener);
  for (const [type, listen] of listeners) {
    removeEventListener(type, listen, true);
  }
};
const hands = new Hands();
goOnThere();
const blocked: SecurityPolicyViolationEvent[] = (window.microappsBlocked = []);
document.addEventListener('securitypolicyviolation', event => blocked.length < MOST_BLOCKED && blocked.push(event));
window.microappsMeanwhile = { quick, done, hands, over };

/** Milliseconds for which the frame may be silent before the page fetches the client by itself. */
const SILENCE = 5000;

function run(text: string): void {
  const script = document.createElement('script');
  script.type = 'module';
  script.textContent = text;
  document.head.append(script);
}

/** Milliseconds for which the client waits at most until the page has been seen and has answered. */
const PATIENCE = 400;

/** Milliseconds for which a frame that has joined the process may keep to itself what happened: a person may be typing. */
const LONGEST = 70_000;

/** Resolved when the drawn page has been seen, and what was done to it so far is answered: the client takes a while. */
async function seen(painted: Promise<void>): Promise<void> {
  const answered = painted.then(() => quick.settled()).then(said => (said ? paint() : undefined));
  await Promise.race([answered, late(PATIENCE)]);
  if (!quick.socket) {
    await Promise.race([painted, late(LONGEST)]);
  }
  await hands.idle(); // Until then, what is simple is answered without the client.
}

/** What has happened in the cover so far is seen here too. */
function look(begun: Begun): void {
  if (!quick.socket) {
    quick.look(begun);
  }
}

/** The page goes on from what happened in the cover. */
function goOn(begun: Begun | null): void {
  if (quick.socket) {
    if (begun?.said.length) {
      location.reload(); // The frame was very late: what the process has done since is not in this page.
    }
    return;
  }
  if (begun) {
    quick.resume(begun);
  }
  connect().addEventListener('open', connected);
}

function load(address: string): void {
  const shown = Promise.race([paint(), late(PATIENCE)]); // a page that is not seen is not painted either
  const painted = framed ? shown.then(() => uncovered(look, goOn)).then(() => quick.resumed()) : shown;
  let begun = false;
  const begin = (text: string) => {
    if (!begun) {
      begun = true;
      void seen(painted).then(() => (text ? run(text) : fetchClient(address, () => quick.sign.end())));
    }
  };
  if (!framed) {
    begin('');
    return;
  }
  addEventListener('message', ({ source, data }) => {
    if (source === window.parent && data?.microapps === 1 && data.kind === 'client') {
      begin(String(data.text ?? ''));
    }
  });
  window.parent.postMessage({ microapps: 1, kind: 'client' }, '*');
  setTimeout(begin, SILENCE, '');
}

if (client) {
  // The client works on the whole page.
  document.readyState === 'loading' ? addEventListener('DOMContentLoaded', () => load(client)) : load(client);
}
