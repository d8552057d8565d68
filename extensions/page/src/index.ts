/**
 * The thin client of a published app's page. The server has drawn the page from a snapshot; here its widgets are made,
 * put in the place of the drawn ones, and joined to the visitor's own process.
 */

import { Comms } from './comm';
import { Connection, type Listener } from './connection';
import type { Meanwhile } from './early';
import { setFormulas } from './formulas';
import { handOver, pause } from './handover';
import { watchIcons } from './icons';
import { fill, values } from './inputs';
import { watchLabels } from './labelling';
import { PageManager } from './manager';
import { Memory, reloadWith, takenAlong } from './memory';
import { Notices } from './notices';
import { type PageData, pageData } from './page';
import type { Gone, Joined, ProcessMessage } from './protocol';
import { Roots } from './roots';
import './style.css';

/** Milliseconds that the living page may take to be drawn before it is shown as it is. */
const DRAWING = 3000;
/** Milliseconds of work after which the page says that the app is busy. */
const BUSY = 500;

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
  private readonly memory = new Memory([...this.along.losses]);
  private readonly ready: Promise<void>;
  private done: () => void = () => undefined;
  private readonly working = new Set<string>();
  private busy = 0;

  constructor(private readonly data: PageData) {
    const address = new URL('live', location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    this.connection = new Connection(`${address.origin === 'null' ? `${address.protocol}//${address.host}` : address.origin}${address.pathname}`, this);
    this.comms = new Comms(this.connection);
    this.comms.onSet = (model, state) => this.memory.note(model, state);
    this.manager = new PageManager(this.comms, module => this.elsewhere(module));
    this.roots = new Roots(this.manager, data.scripts, data.living);
    this.ready = new Promise(resolve => (this.done = resolve));
  }

  /** Bring the page to life. */
  async start(meanwhile: Meanwhile | undefined): Promise<void> {
    const main = document.getElementById('app') ?? document.body;
    if (meanwhile) {
      this.connection.adopt(meanwhile);
    } else {
      this.connection.open();
    }
    await this.manager.restore(this.data.widgets);
    const pairs = this.roots.prepare();
    await this.manager.drawn(DRAWING);
    if (meanwhile) {
      await pause(meanwhile);
      meanwhile.over();
    }
    handOver(pairs, meanwhile?.done ?? []);
    document.documentElement.dataset.state = 'alive';
    performance.mark('microapps-alive');
    watchLabels(main);
    watchIcons(this.data.icons, this.data.drawnIcons);
    void setFormulas(main);
    const { values: taken, losses } = this.along;
    const filled = await fill(this.manager, { ...this.data.prefill, ...taken });
    if (losses.length) {
      this.startedAgain(filled.filter(label => label in taken));
    }
    this.done();
    window.microapps?.attach({
      ids: () => this.manager.models,
      get_model: (id: string) => this.manager.get_model(id),
    });
  }

  async joined(how: Joined): Promise<void> {
    this.notices.clear('lost');
    await this.ready;
    if (how === 'replaced') {
      await this.begin();
    }
  }

  /** There is a fresh process: bring the page into its state, and set again what the person had set. */
  private async begin(): Promise<void> {
    this.rest();
    if (this.data.perVisitor) {
      await this.anew();
      return;
    }
    const mayRepeat = this.memory.lost();
    const pairs = [...document.querySelectorAll<HTMLElement>('[data-living]')];
    await this.manager.forget();
    this.roots.reset();
    await this.manager.restore(this.data.widgets);
    const fresh = this.roots.prepare();
    await this.manager.drawn(DRAWING);
    handOver(fresh.filter(pair => pairs.includes(pair.drawn)), []);
    this.startedAgain(mayRepeat ? await this.memory.again(this.manager) : []);
  }

  /** Another process of this app has other widgets, so the page has to be another as well. */
  private async anew(): Promise<void> {
    const labels = this.memory.lost() ? await this.memory.labels(this.manager) : [];
    const all = Object.entries(await values(this.manager));
    const kept = Object.fromEntries(all.filter(([label]) => labels.includes(label)));
    reloadWith({ values: kept, losses: this.memory.lately });
  }

  private startedAgain(labels: readonly string[]): void {
    const kept = labels.length ? ` What you had entered was kept: ${listed(labels)}.` : '';
    this.notices.clear('gone');
    this.notices.say('kept', `The app had stopped and was started again.${kept}`);
  }

  async message(message: ProcessMessage, buffers: DataView[]): Promise<void> {
    await this.ready;
    switch (message.type) {
      case 'comm':
        return this.manager.take(message, buffers);
      case 'output':
        return this.roots.show(message.widget, message.output);
      case 'clear':
        return this.roots.clear(message.widget, message.wait);
      case 'update_display':
        return this.roots.update(message.display_id, message.output);
      case 'state':
        return this.manager.replaceAll(message);
      case 'failed':
        this.notices.say('error', 'The app ran into an error. Its owner sees the details.');
        window.microapps?.tell('error');
        return;
      case 'status':
        this.work(message.parent);
    }
  }

  answered(id: string): void {
    this.working.delete(id);
    if (this.working.size === 0) {
      this.rest();
    }
    this.comms.answered(id);
  }

  private work(id: string): void {
    this.working.add(id);
    this.busy ||= window.setTimeout(() => {
      document.documentElement.dataset.busy = 'true';
      document.getElementById('app')?.setAttribute('aria-busy', 'true');
    }, BUSY);
  }

  private rest(): void {
    this.working.clear();
    clearTimeout(this.busy);
    this.busy = 0;
    delete document.documentElement.dataset.busy;
    document.getElementById('app')?.removeAttribute('aria-busy');
  }

  lost(): void {
    this.notices.say('lost', 'The connection was lost. Trying to get it back… What you enter is kept.');
  }

  gone({ why, what }: Gone): void {
    this.rest();
    window.microapps?.tell('gone');
    const sentence = what || 'The app has stopped.';
    const again = { text: 'Start again', act: () => this.connection.open() };
    if (why === 'idle') {
      this.notices.say('gone', sentence, [again]);
      for (const type of ['pointerdown', 'keydown']) {
        addEventListener(type, () => this.connection.open(), { once: true });
      }
    } else if (why === 'closed' || why === 'full' || !this.memory.mayGoOn) {
      this.notices.say('gone', sentence, [{ text: 'Try again', act: () => void this.reload() }]);
    } else {
      this.notices.say('gone', `${sentence} Starting it again…`);
      if (this.data.perVisitor) {
        void this.anew();
      } else {
        this.connection.open();
      }
    }
  }

  newer(): void {
    const act = () => void this.reload();
    this.notices.say('newer', 'There is a newer version of this app.', [{ text: 'Load it', act }]);
  }

  /** Load the page again, with what is in its inputs. */
  private async reload(address?: string): Promise<void> {
    reloadWith({ values: await values(this.manager), losses: [] }, address);
  }

  /** The app has a widget that this page cannot show: the site's full page can. */
  private elsewhere(module: string): void {
    const act = () => void this.reload(this.data.full);
    const sentence = `A part of this app (${module}) needs the app’s full page.`;
    this.notices.say('elsewhere', sentence, [{ text: 'Open the full page', act }]);
  }
}

function listed(labels: readonly string[]): string {
  const shown = labels.slice(0, 6).join(', ');
  return labels.length > 6 ? `${shown} and ${labels.length - 6} more` : shown;
}

new Page(pageData()).start(window.microappsMeanwhile).catch(error => {
  console.error('The page could not be brought to life.', error);
  document.documentElement.dataset.state = 'drawn';
});
