/** The bar at the foot of the page: what a person has to know, in plain words, and what they can do about it. */

export type Kind = 'address' | 'lost' | 'gone' | 'error' | 'kept' | 'newer' | 'elsewhere' | 'returning';

interface Action {
  text: string;
  act: () => void;
}

/** The more urgent one stays when two come at once. */
const URGENCY: Record<Kind, number> = { address: 0, error: 1, kept: 2, newer: 3, returning: 4, lost: 5, elsewhere: 6, gone: 7 };

export class Notices {
  private kind: Kind | null = null;
  private readonly bar = document.createElement('div');
  private readonly text = document.createElement('span');

  constructor() {
    this.bar.id = 'microapps-notice';
    this.bar.setAttribute('role', 'status');
    this.bar.hidden = true;
    document.body.append(this.bar);
  }

  /** Say something, unless something more urgent is being said. */
  say(kind: Kind, sentence: string, actions: Action[] = []): void {
    if (this.kind && URGENCY[this.kind] > URGENCY[kind]) {
      return;
    }
    this.kind = kind;
    this.text.textContent = sentence;
    this.bar.dataset.kind = kind;
    this.bar.replaceChildren(this.text, ...actions.map(button));
    if (['address', 'error', 'kept'].includes(kind)) {
      this.bar.append(button({ text: 'Close', act: () => this.clear(kind) }));
    }
    this.bar.hidden = false;
  }

  /** Say that no longer. */
  clear(kind: Kind): void {
    if (this.kind === kind) {
      this.kind = null;
      this.bar.hidden = true;
      this.bar.replaceChildren();
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
