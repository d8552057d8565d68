/**
 * The bar at the foot of the page: what a person has to know, in plain words, and what they can do about it. The words are
 * English, or Korean for who reads that (`korean.ts`). No style of the app reaches it, and it is on top of all there is
 * when it is shown.
 */

import style from '../../../templates/voila/notice.css';
import { spoken } from './spoken';

export type Kind = 'address' | 'stays' | 'number' | 'lost' | 'gone' | 'error' | 'kept' | 'newer' | 'elsewhere' | 'returning';

/** An English sentence, alone or with the values for its %1, %2 and so on. */
export type Sentence = string | readonly [string, ...string[]];

interface Action {
  text: string;
  act: () => void;
}

/** The more urgent one stays when two come at once. */
const URGENCY: Record<Kind, number> = { address: 0, stays: 0, number: 0, error: 1, kept: 2, newer: 3, returning: 4, lost: 5, elsewhere: 6, gone: 7 };

export class Notices {
  private kind: Kind | null = null;
  private words: Readonly<Record<string, string>> = {};
  private sentences: readonly Sentence[] = [];
  private actions: Action[] = [];
  private readonly bar = document.createElement('div');
  private readonly root = this.bar.attachShadow({ mode: 'open' });
  private readonly sheet = document.createElement('style');
  private readonly text = document.createElement('span');

  constructor() {
    this.bar.id = 'microapps-notice';
    this.bar.setAttribute('role', 'status');
    this.bar.popover = 'manual';
    this.bar.hidden = true;
    this.sheet.textContent = style;
    document.documentElement.append(this.bar);
  }

  /** Say something, unless something more urgent is being said. */
  say(kind: Kind, sentences: readonly Sentence[], actions: Action[] = []): void {
    if (this.kind && URGENCY[this.kind] > URGENCY[kind]) {
      return;
    }
    this.kind = kind;
    this.sentences = sentences;
    this.actions = ['address', 'stays', 'number', 'error', 'kept'].includes(kind) ? [...actions, { text: 'Close', act: () => this.clear(kind) }] : actions;
    this.draw();
  }

  /** Speak the language that the person reads, as soon as its words are there. */
  async speak(): Promise<void> {
    this.words = await spoken();
    if (Object.keys(this.words).length) {
      this.bar.lang = 'ko';
      this.draw();
    }
  }

  private draw(): void {
    this.text.textContent = this.sentences.map(sentence => this.said(sentence)).join(' ');
    this.bar.dataset.kind = this.kind ?? '';
    this.root.replaceChildren(this.sheet, this.text, ...this.actions.map(({ text, act }) => button({ text: this.said(text), act })));
    this.show(this.kind !== null);
  }

  private show(on: boolean): void {
    this.bar.hidden = !on;
    if (on && this.bar.isConnected && 'popover' in HTMLElement.prototype) {
      this.bar.hidePopover();
      this.bar.showPopover(); // anew each time, above what came since
    }
  }

  private said(sentence: Sentence): string {
    const [english, ...values] = typeof sentence === 'string' ? [sentence] : sentence;
    return (this.words[english] ?? english).replace(/%(\d)/g, (_, place) => values[Number(place) - 1] ?? '');
  }

  /** Say that no longer. */
  clear(kind: Kind): void {
    if (this.kind === kind) {
      this.kind = null;
      this.show(false);
      this.root.replaceChildren(this.sheet);
    }
  }
}

function button({ text, act }: Action): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}
