/**
 * Runs in the head of the frame around an app's page, which shows the drawn page itself as a cover
 * (`microapps/publish/thin/cover.py`) until the app's own page is there. What is simple is answered at once, by the visitor's process, which is joined from
 * here; everything else that a person does is written down. All of it goes over to the page (`covered.ts`).
 *
 * The frame is a page of ours that nothing keeps from leading elsewhere: markup of the app is drawn in it only as far as
 * it can do nothing.
 */

import type { Act, Begun, Handed } from './begun';
import { DOING, doing } from './doing';
import { packed } from './frames';
import { Hands } from './hands';
import { late, paint } from './moments';
import { chosen, type Place, placeOf } from './places';
import { Quick } from './quick';
import { tellReadouts } from './readouts';
import { entersTag, leadToTagField } from './tagging';
import { liveAddress } from './whereabouts';

/** The most things done that are written down. */
const MOST = 200;
/** Milliseconds after which a page that is there and says nothing is one without a script of ours. */
const SILENCE = 500;
/** Milliseconds that an answer is waited for before the page is seen in the cover's place. */
const SOON = 200;
/** Milliseconds for which the page may take to show what happened so far. */
const SHOWING = 2000;
/** How often it is told that anew, where a person does more meanwhile. */
const ROUNDS = 10;
/** Milliseconds for which a page that comes after its cover waits for something to be done, which is answered first. */
const FIRST = 400;
/** The id of the data block of a cover that is answered. */
const DATA = 'simple';

/** The address of the visit whose process may be joined from here. */
const visit = document.querySelector<HTMLMetaElement>('meta[name=visit]');
/** The visit that this page comes back to, which is joined then and no new one. */
const earlier = earlierVisit();
let quick = visit && !earlier ? new Quick({ data: DATA, ours: true }) : null;
quick?.connect(liveAddress(new URL(visit?.content ?? '', document.URL).href), true);

const hands = new Hands();
const NOTHING: Handed = { microapps: 1, kind: 'done', begun: null, acts: [], focus: null, scrollY: 0 };
let acts: Act[] = [];
/** How much was done to the cover, in a field or else. */
let deeds = 0;
/** Whether the page has said that it is drawn, and who waits for it to show what happened. */
let drawn = false;
let shown: () => void = () => undefined;
let handed = NOTHING;

/**
 * The address of the visit that was in this tab before: the entry in the browser's history names it. Who loads the page
 * again goes on with it too, as with what is in the fields of any page, unless they ask for all of it anew (the Shift key).
 * A page without an origin has no entry that outlives that in every browser; there it begins anew.
 */
function earlierVisit(): string {
  const found: unknown = Object(history.state).visit;
  const anew = document.documentElement.dataset.anew !== undefined;
  const here = typeof found === 'string' && found.startsWith('/') && !anew ? found : '';
  if (here) {
    document.documentElement.dataset.earlier = here; // for the frame's other script
  }
  return here;
}

/** The cover, while it is there. */
function covering(): HTMLElement | null {
  return document.querySelector<HTMLElement>('body > #cover');
}

/** The window of the app's page; while another comes behind it, that of the other. */
function inner(): Window | null {
  return document.querySelector<HTMLIFrameElement>('iframe:last-of-type')?.contentWindow ?? null;
}

function tell(message: Handed | { microapps: 1; kind: 'joined'; joined: boolean }): void {
  inner()?.postMessage(message, '*'); // its origin is opaque: there is no name for it
}

function note(act: Act): void {
  if (acts.length < MOST) {
    acts.push(act);
  }
}

function typed({ type, target }: Event): void {
  const field = target as HTMLInputElement;
  const cover = covering();
  const at = cover && placeOf(field, cover);
  if (!at || field.type === 'file') {
    return; // a file is chosen in the app's own page
  }
  deeds++;
  const handled = quick?.changed(type, field) ?? 'left';
  const written = (act: Act | undefined) => act?.type === 'input' && same(act.at, at);
  if (handled === 'sent') {
    acts = acts.filter(act => !written(act));
    return;
  }
  if (type === 'input' && written(acts.at(-1))) {
    acts.pop();
  }
  const { value = field.textContent ?? '', checked } = field;
  const options = target instanceof HTMLSelectElement ? chosen(target) : undefined;
  note({ type: type as 'input' | 'change', at, value, checked, options });
  if (type === 'change') {
    entersTag(field);
  }
}

function did(event: Event): void {
  deeds++;
  const cover = covering();
  const done = doing(event);
  const at = done && cover && placeOf(done.target, cover);
  if (!at || (done.type === 'click' ? quick?.pressed(done.target) : quick?.slid(event))) {
    return;
  }
  quick?.leave();
  note({ type: done.type, at, key: done.key, x: done.x, y: done.y });
}

function same(one: Place, other: Place): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Have the page show what has happened so far, while the cover is still seen and used: so that nobody sees the page as it
 * was before. Again, where more has happened when it does.
 */
async function show(): Promise<void> {
  for (let round = 0; covering() && round < ROUNDS; round++) {
    await rest();
    const { scrollY } = window;
    const before = deeds;
    const begun = quick?.pause() ?? null;
    if (acts.length === 0 && scrollY === 0 && !isSeen(begun)) {
      return;
    }
    const shows = new Promise<void>(resolve => (shown = resolve));
    tell({ microapps: 1, kind: 'so far', begun, acts, focus: null, scrollY });
    await Promise.race([shows, late(SHOWING)]);
    if (deeds === before && window.scrollY === scrollY && hands.resting) {
      return;
    }
    quick?.proceed();
  }
}

/** Whether the cover may look otherwise by what happened with the process, which says first that it is there. */
function isSeen(begun: Begun | null): boolean {
  return begun !== null && (begun.states.size > 0 || begun.frames.length > 1 || quick?.sign.seen === true);
}

/** From now on the page is seen. What happened waits until it asks for it. */
function uncover(): void {
  const cover = covering();
  if (!cover) {
    return;
  }
  const { scrollY } = window;
  const focused = document.activeElement;
  const focus = focused && cover.contains(focused) ? { at: placeOf(focused, cover), ...hands.selection(focused) } : null;
  tellReadouts(removeEventListener); // who is in one goes on in it
  removeEventListener('change', typed, true); // as in any other field, which is not left, though the cover is
  if (focus) {
    document.querySelector('iframe')?.focus();
  }
  handed = { microapps: 1, kind: 'done', begun: quick?.end() ?? null, acts, focus, scrollY };
  quick?.sign.end();
  hands.release();
  cover.remove();
  document.documentElement.classList.replace('covered', 'framed');
  document.body.classList.add('framed');
}

/** Resolved when what a person did is answered and seen, or will not be soon, and they are not in the middle of more. */
async function rest(): Promise<void> {
  const answered = quick?.settled().then(said => (said ? paint() : undefined));
  await Promise.race([answered, late(SOON)]);
  await hands.idle();
}

/** Once: a page that is loaded again begins anew. */
async function hand(): Promise<void> {
  await show();
  uncover();
  tell(handed);
  handed = NOTHING;
}

tellReadouts(addEventListener);
for (const type of ['input', 'change']) {
  addEventListener(type, typed, true);
}
for (const type of DOING) {
  addEventListener(type, did, true);
}
addEventListener('click', leadToTagField, true);
addEventListener('message', ({ data, source }) => {
  if (source !== inner() || data?.microapps !== 1) {
    return;
  }
  if (data.kind === 'begins') {
    if (data.visit !== visit?.content) {
      quick?.socket?.close(); // The browser has brought the page of an earlier visit back by itself.
      quick = null;
    }
    tell({ microapps: 1, kind: 'joined', joined: quick !== null && (covering() !== null || handed.begun !== null) });
  } else if (data.kind === 'drawn') {
    drawn = true;
    void hand();
  } else if (data.kind === 'shown') {
    shown();
  } else if (data.kind === 'connected') {
    quick?.socket?.close();
  }
});
addEventListener('pagehide', event => {
  if (!event.persisted && quick?.socket?.readyState === WebSocket.OPEN) {
    quick.socket.send(packed({ type: 'bye' }));
  }
});
document.addEventListener(
  'load',
  ({ target }) => target instanceof HTMLIFrameElement && setTimeout(() => void rest().then(() => drawn || uncover()), SILENCE),
  true
);
/**
 * A page that comes after its cover (`Cover.whole`): once what is done first is answered and seen, or nothing is done. A
 * window around this one waits for the page.
 */
async function come(): Promise<void> {
  const root = document.documentElement;
  if (root.classList.contains('waits')) {
    if (quick?.suffices && window.parent === window) {
      await Promise.race([late(FIRST), quick.turned]);
    }
    await Promise.race([paint(), late(SOON)]); // a tab that is not seen paints nothing
    root.classList.remove('waits');
    document.querySelector('iframe')?.setAttribute('loading', 'eager');
    root.dispatchEvent(new Event('comes'));
  }
}

addEventListener('DOMContentLoaded', () => void come());
