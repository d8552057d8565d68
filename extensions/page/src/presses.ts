/**
 * Buttons that are pressed while the app is gone: nobody hears that then, so they are pressed again in the process that
 * comes, once that has what was entered. It knows nothing of what the app had collected, so a button is pressed only where
 * all around it is as it was: beside another entry of a list, the same words would do something else. What was pressed
 * before may be why the app is gone, and is not pressed again.
 */

import { doing } from './doing';
import { kindOf } from './kinds';
import { fieldOf, fields, type Left, left } from './left';
import { MARK, type PageManager } from './manager';
import { late } from './moments';

/** The most that are written down. */
const MOST = 20;
/** The longest that what is around one may be, in letters. */
const LONGEST = 100_000;
/** Milliseconds for which the app is given time to answer to what was entered, and after which it is looked whether it has. */
const PATIENCE = 3000;
const EVERY = 50;

/** A button that was pressed: which of all, and what is around it. */
interface Press {
  at: Left;
  around: string;
}

/** What was pressed while the app was gone, and whether something was just before that nobody may have heard. */
export interface Pressed {
  presses: readonly Press[];
  unheard: boolean;
}

export class Presses {
  private noted: Press[] | null = null;
  private unheard = false;

  constructor() {
    addEventListener('click', event => this.note(event), true);
  }

  /** Write down what is pressed from now on. `unheard`: something was pressed before, and is not answered. */
  begin(unheard: boolean): void {
    if (!this.noted) {
      this.noted = [];
      this.unheard = unheard;
    }
  }

  /** What was pressed; no more is written down. */
  end(): Pressed {
    const { noted, unheard } = this;
    this.noted = null;
    return { presses: noted ?? [], unheard: noted !== null && unheard };
  }

  private note(event: Event): void {
    const button = event.isTrusted && this.noted && this.noted.length < MOST ? doing(event)?.target : undefined;
    const at = button && left(button);
    if (at) {
      this.noted?.push({ at, around: aroundOf(button) });
    }
  }
}

/**
 * Press them in this page.
 *
 * @param waits - Whether the app has not answered yet to all that was entered.
 * @returns Whether all that was pressed was heard.
 */
export async function pressAgain({ presses, unheard }: Pressed, manager: PageManager, waits: () => boolean): Promise<boolean> {
  for (let passed = 0; presses.length && waits() && passed < PATIENCE; passed += EVERY) {
    await late(EVERY);
  }
  const buttons = await Promise.all(presses.map(press => buttonOf(press, manager)));
  buttons.forEach(button => button?.click()); // nothing happens where it is locked by now
  return !unheard && buttons.every(button => button !== null);
}

async function buttonOf({ at, around }: Press, manager: PageManager): Promise<HTMLElement | null> {
  const button = fieldOf(at);
  const id = button?.closest<HTMLElement>(`[data-${MARK}]`)?.dataset[MARK] ?? '';
  // What else looks like a button holds a value, and has been given it.
  const isButton = button !== null && manager.has_model(id) && kindOf(await manager.get_model(id)) === 'Button';
  return isButton && around !== '' && aroundOf(button) === around ? button : null;
}

/** All fields and buttons of the page, with what they say and offer, and the text of the box that the button is in. */
function aroundOf(button: Element): string {
  const all = fields().map(field => `${field.localName} ${/button|select/.test(field.localName) ? field.textContent : ''}`);
  const box = button.closest('.widget-container') ?? button.closest('[data-living]');
  const around = [...all, (button as HTMLElement).title, box?.textContent].join('\n');
  return around.length > LONGEST ? '' : around;
}
