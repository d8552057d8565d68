/**
 * The thin client of a published app's page. The server has drawn the page from a snapshot; here its widgets are made,
 * put in the place of the drawn ones, and joined to the visitor's own process.
 */

import type { JSONObject } from '@lumino/coreutils';
import { Absence } from './absence';
import { reloadWith, takenAlong } from './along';
import { current } from './before';
import type { Begun } from './begun';
import { openChoosers } from './choosers';
import { Comms } from './comm';
import { Connection, type Listener } from './connection';
import { watchDates } from './dates';
import type { Meanwhile } from './early';
import { watchElsewhere } from './elsewhere';
import { setFormulas } from './formulas';
import { handOver } from './handover';
import { Hands } from './hands';
import { watchIcons } from './icons';
import { fill, type Missed, values } from './inputs';
import { watchLabels } from './labelling';
import { PageManager } from './manager';
import { left } from './left';
import { late, ready } from './moments';
import { Notices } from './notices';
import { watchNumbers } from './numbers';
import { type PageData, pageData } from './page';
import { part } from './parts';
import type { Pressed } from './presses';
import type { Clear, FromProcess, Gone, Joined, ProcessMessage, ShownOutput } from './protocol';
import { tellReadouts } from './readouts';
import { Roots } from './roots';
import { StandIn } from './standin';
import { liveAddress } from './whereabouts';
import { Work } from './work';
import './style.css';

/** Milliseconds after which somebody who comes back is told that the app is busy. */
const RETURNING = 1000;
/** Milliseconds that the living page may take to be drawn before it is shown as it is. */
const DRAWING = 3000;

declare global {
  interface Window {
    /** The bridge to who frames the page (`templates/voila/bridge.js`). */
    microapps?: { attach(widgets: object): void; tell(kind: string): void };
  }
}

class Page implements Listener {
  private readonly connection: Connection;
  private readonly comms: Comms;
  private readonly manager: PageManager;
  private readonly roots: Roots;
  private readonly notices = new Notices();
  private readonly along = takenAlong();
  private readonly absence: Absence;
  private readonly hands: Hands;
  private readonly ready: Promise<void>;
  private done: () => void = () => undefined;
  /** What happened before the client, with the process that was there then. */
  private begun: Begun | undefined;
  /** For Output widgets, the number of the last message of it that they show already. */
  private through: ReadonlyMap<string, number> = new Map();
  private readonly work = new Work();
  /** Whether another process was asked for, and none has come: there can be none in the state that the page shows. */
  private refused = false;

  constructor(
    private readonly data: PageData,
    private readonly meanwhile?: Meanwhile
  ) {
    this.begun = meanwhile?.quick.end();
    this.hands = meanwhile?.hands ?? new Hands();
    this.connection = new Connection(liveAddress(location.href), this, this.begun?.said.length);
    this.comms = new Comms(this.connection);
    this.manager = new PageManager(this.comms, module => this.elsewhere(module));
    this.absence = new Absence(this.manager, this.notices, this.along.losses);
    this.comms.onSet = (model, state) => this.absence.memory.note(model, state);
    this.roots = new Roots(this.manager, data.scripts, data.living);
    this.ready = new Promise(resolve => (this.done = resolve));
    addEventListener('message', ({ source, data }) => {
      if (source !== window.parent || data?.microapps !== 1) {
        return;
      }
      if (data.kind === 'kept') {
        void this.takeOver(Object(data.values));
      } else if (data.kind === 'stranded') {
        this.stranded(data.ended === true);
      }
    });
    addEventListener('microapps-stays', event => void this.stays((event as CustomEvent<string | null>).detail));
  }

  /** Bring the page to life. */
  async start(): Promise<void> {
    const { meanwhile, begun } = this;
    const main = document.getElementById('app') ?? document.body;
    begun?.set.forEach(([model, state]) => this.absence.memory.note(model, state));
    const now = current(this.data.widgets, begun);
    this.through = now.through;
    await this.manager.restore(now.widgets);
    state('changing');
    const pairs = this.roots.prepare();
    await this.manager.drawn(DRAWING);
    if (meanwhile) {
      await this.hands.idle();
      meanwhile.over();
    }
    handOver(pairs, meanwhile?.done ?? [], this.hands);
    tellReadouts(addEventListener);
    if (meanwhile?.quick.socket && begun) {
      this.connection.adopt(meanwhile.quick.socket, begun);
    } else {
      this.connection.open();
    }
    this.work.goOn(this.connection.awaited, meanwhile?.quick.sign.end());
    state('alive');
    void this.awaitReturn();
    performance.mark('microapps-alive');
    watchLabels(main, this.manager);
    watchElsewhere();
    watchDates();
    watchNumbers(sentence => this.notices.say('number', [sentence]));
    void this.notices.speak();
    watchIcons(this.data.icons, this.data.drawnIcons);
    void setFormulas(main);
    const { values: taken, losses, beside } = this.along;
    const standIn = this.along.left ? new StandIn() : null;
    const { done, missed } = await fill(this.manager, { ...this.data.prefill, ...taken });
    await standIn?.leave(true);
    if (beside) {
      (await part('beside')).coming(
        entered => this.takeOver(entered),
        pressed => void this.press(pressed, this.absence.memory.mayRepeat)
      );
    } else if (losses.length) {
      this.absence.startedAgain([...done].filter(([key]) => key in taken).map(([, label]) => label));
    }
    if (this.data.perVisitor && window.parent !== window) {
      void part('beside').catch(() => undefined); // it would be too late once the connection is lost
    }
    void this.notTaken(missed.filter(({ asked }) => !(asked in taken)));
    this.done();
    window.microapps?.attach({
      ids: () => this.manager.models,
      get_model: (id: string) => this.manager.get_model(id),
    });
  }

  async joined(how: Joined): Promise<void> {
    this.refused = false;
    this.absence.end(how === 'replaced');
    this.notices.clear('lost');
    await this.ready;
    this.work.goOn(this.connection.awaited);
    if (how === 'replaced') {
      await this.begin();
    }
  }

  /** There is a fresh process: bring the page into its state, and set again what the person had set. */
  private async begin(): Promise<void> {
    this.work.rest();
    this.returned();
    this.begun = undefined; // Another process counts its messages anew.
    this.through = new Map();
    if (this.data.perVisitor) {
      await this.anew();
      return;
    }
    const { memory, presses } = this.absence;
    await this.hands.letGo();
    await memory.look(this.manager);
    const mayRepeat = memory.lost();
    const pairs = [...document.querySelectorAll<HTMLElement>('[data-living]')];
    const standIn = new StandIn();
    const handFiles = await openChoosers(this.manager);
    await this.manager.forget();
    this.connection.forget();
    this.roots.reset();
    await this.manager.restore(this.data.widgets);
    state('changing');
    const fresh = this.roots.prepare();
    await this.manager.drawn(DRAWING);
    const pressed = presses.end(); // what is pressed from now on is heard
    handOver(fresh.filter(pair => pairs.includes(pair.drawn)), []);
    state('alive');
    handFiles();
    const kept = mayRepeat ? await memory.again(this.manager) : [];
    await standIn.leave(mayRepeat);
    this.absence.startedAgain(kept);
    void this.press(pressed, mayRepeat);
  }

  /**
   * Another process of this app has other widgets, so the page has to be another as well. This one stays, to be written
   * in, until the other is alive; where no frame loads that beside it, until it can be had at once.
   */
  private async anew(): Promise<void> {
    const { memory, presses } = this.absence;
    const mayRepeat = memory.lost();
    const framed = window.parent !== window;
    const there = await ready(location.href);
    const beside = there && framed ? await part('beside').catch(() => null) : null;
    if (!there || (framed && !beside)) {
      await this.hands.idle();
      await this.leave(); // who frames this page looks whether the site can be reached
      return;
    }
    const kept = async () => (mayRepeat ? this.absence.entered() : null);
    this.connection.leave();
    if (beside) {
      beside.going(memory.lately, {
        hands: this.hands,
        entered: kept,
        pressed: () => presses.end(),
        turns: () => tellReadouts(removeEventListener), // who is in one goes on in it
        none: () => this.stranded(false),
      });
    } else {
      reloadWith({ values: (await kept()) ?? {}, losses: memory.lately, left: mayRepeat ? left() : null });
    }
  }

  /** Somebody has come back to their process: it may be busy, and the page is not seen until that tells its state. */
  private async awaitReturn(): Promise<void> {
    await late(RETURNING);
    if (document.documentElement.dataset.returning !== undefined) {
      const act = () => window.parent.postMessage({ microapps: 1, kind: 'again', values: null }, '*');
      const sentence = 'The app is still busy with what it was asked before. It is shown as soon as that is done.';
      this.notices.say('returning', [sentence], [{ text: 'Start over', act }]);
    }
  }

  private returned(): void {
    delete document.documentElement.dataset.returning;
    this.notices.clear('returning');
  }

  /** The visit is over: have the frame around the page begin another, with what was entered in this one. */
  private async leave(): Promise<void> {
    if (window.parent === window) {
      await this.reload();
    } else {
      window.parent.postMessage({ microapps: 1, kind: 'again', values: await this.absence.entered() }, '*');
    }
  }

  /** The visit is over, and no other can begin at this address: it is good no more, or nobody answers there. */
  private stranded(ended: boolean): void {
    const why = ended
      ? 'This address is no longer good, so the app cannot be started again from here. Open it where you found its link.'
      : 'The site cannot be reached just now.';
    const kept = 'What you entered is still on this page.';
    this.notices.say('gone', [why, kept], [{ text: 'Try again', act: () => void this.leave() }]);
  }

  /** Take what was entered in a visit that is over. */
  private async takeOver(entered: Record<string, unknown>): Promise<void> {
    await this.ready;
    this.absence.startedAgain([...(await fill(this.manager, entered)).done.values()]);
  }

  /** Say why a form or a link has led nowhere. */
  private async stays(address: string | null): Promise<void> {
    this.notices.say('stays', [(await part('staying')).stays(address)]);
  }

  /** Say what of the address fits no control. */
  private async notTaken(missed: readonly Missed[]): Promise<void> {
    const sentences = missed.length ? (await part('unfilled')).unfilled(missed, this.data.readsAddress) : [];
    if (sentences.length) {
      this.notices.say('address', sentences);
    }
  }

  private press(pressed: Pressed, mayRepeat: boolean): Promise<void> {
    return this.absence.press(pressed, mayRepeat, () => this.connection.awaited.length > 0);
  }

  async message(message: ProcessMessage, buffers: DataView[]): Promise<void> {
    await this.ready;
    switch (message.type) {
      case 'comm':
        if (message.data.method === 'echo_update' && this.begun?.said.some(({ id }) => id === message.parent)) {
          return; // The models have it, and perhaps something newer.
        }
        return this.manager.take(this.since(message), buffers);
      case 'output':
      case 'clear':
        return this.there(message) ? undefined : this.roots.fill(message);
      case 'update_display':
        return this.roots.update(message.display_id, message.output);
      case 'state':
        await this.manager.replaceAll(message);
        this.returned();
        return;
      case 'failed':
        this.notices.say('error', ['The app ran into an error. Its owner sees the details.']);
        window.microapps?.tell('error');
        return;
      case 'status':
        this.work.begin(message.parent);
    }
  }

  /** Whether an Output widget shows this already. */
  private there({ widget, seq }: ShownOutput | Clear): boolean {
    return seq <= (this.through.get(widget) ?? 0);
  }

  /** What a message of the time before the client says that the models do not have already, or something newer. */
  private since(message: FromProcess): FromProcess {
    const known = this.begun?.states.get(message.comm);
    const { method, state } = message.data;
    if (!known || method !== 'update' || message.seq > (this.begun?.seen ?? 0)) {
      return message;
    }
    const news = Object.entries(state as JSONObject).filter(([name]) => !(name in known));
    return { ...message, data: { ...message.data, state: Object.fromEntries(news) } };
  }

  answered(id: string): void {
    this.work.end(id);
    this.comms.answered(id);
  }

  lost(): void {
    this.absence.presses.begin(this.connection.unheard);
    this.work.rest();
    this.notices.say('lost', ['The connection was lost. Trying to get it back… What you enter is kept.']);
  }

  gone({ why, what }: Gone): void {
    this.work.rest();
    this.returned();
    const sentence = what || 'The app has stopped.';
    this.absence.presses.begin(this.connection.unheard);
    this.absence.begin(['time', 'memory', 'data', 'output'].includes(why) ? sentence : '');
    window.microapps?.tell('gone');
    const again = { text: 'Start again', act: () => this.connection.open() };
    if (why === 'idle') {
      this.notices.say('gone', [sentence], [again]);
      for (const type of ['pointerdown', 'keydown']) {
        addEventListener(type, () => this.connection.open(), { once: true });
      }
    } else if (why === 'closed') {
      this.notices.say('gone', [sentence], [{ text: 'Try again', act: () => void this.leave() }]);
    } else if (why === 'full' || !this.absence.memory.mayGoOn) {
      this.notices.say('gone', [sentence], [{ text: 'Try again', act: () => void this.reload() }]);
    } else {
      this.notices.say('gone', [sentence, 'Starting it again…']);
      if (this.data.perVisitor || this.refused) {
        void this.anew();
      } else {
        this.refused = true;
        this.connection.open();
      }
    }
  }

  newer(): void {
    const act = () => void this.reload();
    const kept = 'Loading it keeps what you entered, but nothing that the app has collected.';
    this.notices.say('newer', ['There is a newer version of this app.', kept], [{ text: 'Load it', act }]);
  }

  /** Load the page again, with what is in its inputs. */
  private async reload(address?: string): Promise<void> {
    const entered = await values(this.manager, ({ label }) => label !== ''); // in another version the rest may be another
    this.connection.leave();
    reloadWith({ values: entered, losses: [] }, address);
  }

  /** The app has a widget that this page cannot show: the site's full page can. */
  private elsewhere(module: string): void {
    const act = () => void this.reload(this.data.full);
    const sentence = ['A part of this app (%1) needs the app’s full page.', module] as const;
    this.notices.say('elsewhere', [sentence], [{ text: 'Open the full page', act }]);
  }
}

/** What the page is: as it was drawn; with what will live beside that, unseen; alive. */
function state(now: 'drawn' | 'changing' | 'alive'): void {
  document.documentElement.dataset.state = now;
}

new Page(pageData(), window.microappsMeanwhile).start().catch(error => {
  console.error('The page could not be brought to life.', error);
  window.microappsMeanwhile?.quick.sign.end();
  state('drawn');
});
