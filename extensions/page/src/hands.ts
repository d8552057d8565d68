/**
 * Whether a person is in the middle of something: while they are, no drawing of a page takes the place of another, since
 * a key that is pressed just then would be lost, or come where they did not mean it.
 *
 * Of a field for numbers a browser tells neither where its cursor is nor what is half written in it ("12." is no number
 * yet). So it is left alone from its first letter until it is complete.
 */

import { late } from './moments';
import { isReadout } from './readouts';

/** Milliseconds for which somebody is waited for who rests while they hold the pointer down, or with a syllable begun. */
const HELD = 20_000;
const COMPOSED = 4000;
/** Milliseconds without a key after which nobody writes any more, or after which one has entered what they wrote. */
const PAUSE = 1000;
const ENTERED = 300;
/** The same for what is not complete in a field that tells nothing of itself. */
const LONG_PAUSE = 30_000;
/** The longest that anyone is waited for. */
const LONGEST = 60_000;

const BEGINS = ['pointerdown', 'compositionstart'];
const GOES_ON = ['pointermove', 'compositionupdate'];
const ENDS = ['pointerup', 'pointercancel', 'compositionend'];
const LEFT = ['change', 'focusout'];

/** What is selected in a field. */
export interface Selection {
  start: number | null;
  end: number | null;
  /** Whether all of it is, where the browser tells no more. */
  whole: boolean;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

export class Hands {
  /** When the pointer went down, or a syllable was begun, or when it last went on; 0 for neither. */
  private held = 0;
  private holdsFor = HELD;
  /** When a key was pressed, or a field clicked into; 0 when whoever did has turned to something else. */
  private touched = 0;
  /** The field that is written in, whether it is not complete, and whether it has just been entered. */
  private field: Field | HTMLElement | null = null;
  private incomplete = false;
  private entered = false;
  /** Whether all of it was selected when it was last touched. */
  private whole = false;
  private tabbed = false;

  /** Whether a number that may be complete is not waited for. */
  brief = false;

  constructor() {
    this.each(addEventListener);
  }

  /** Look no longer. */
  release(): void {
    this.each(removeEventListener);
  }

  /** Resolved when the person is not in the middle of something, or is so for long. */
  idle(): Promise<void> {
    return until(() => this.wait());
  }

  /** Resolved when the person neither holds the pointer down nor composes a syllable, or rests in it. */
  letGo(): Promise<void> {
    return until(() => this.holds());
  }

  /** Whether the person is not in the middle of something. */
  get resting(): boolean {
    return this.wait() <= 0;
  }

  /** What is selected in the field that has the focus. */
  selection(field: Element): Selection {
    const { start, end, whole } = selection(field);
    return { start, end, whole: whole || (this.whole && isWritten(field)) };
  }

  /** Milliseconds after which to look again; 0 where the person does nothing. */
  private wait(): number {
    const { field } = this;
    const told = isWritten(field) ? field : null;
    const begun = told !== null && told === document.activeElement && told.validity.badInput; // as a date without its year
    const silent = (begun || (this.incomplete && !this.brief)) && told?.selectionStart === null;
    const pause = silent ? LONG_PAUSE : this.entered ? ENTERED : PAUSE;
    return Math.max(this.holds(), this.touched && this.touched + pause - performance.now());
  }

  /** The same for what is held. */
  private holds(): number {
    return this.held && this.held + this.holdsFor - performance.now();
  }

  private each(act: (type: string, listener: (event: Event) => void, capture: boolean) => void): void {
    BEGINS.forEach(type => act(type, this.begin, true));
    GOES_ON.forEach(type => act(type, this.goOn, true));
    ENDS.forEach(type => act(type, this.end, true));
    ['keydown', 'input', 'focusin', 'pointerdown'].forEach(type => act(type, this.touch, true));
    LEFT.forEach(type => act(type, this.leave, true));
  }

  private readonly begin = ({ type }: Event) => {
    this.holdsFor = type === 'pointerdown' ? HELD : COMPOSED;
    this.held = performance.now();
  };

  private readonly goOn = () => {
    this.held &&= performance.now();
  };

  private readonly end = () => {
    this.held = 0;
  };

  private readonly touch = (event: Event) => {
    const { type, target } = event;
    const { key = '', ctrlKey, metaKey } = event as KeyboardEvent;
    if (type === 'focusin') {
      this.whole = this.tabbed;
      return;
    }
    if (type === 'keydown') {
      this.tabbed = key === 'Tab';
      this.entered = key === 'Enter';
    }
    this.whole = type === 'keydown' && (ctrlKey || metaKey) && key.toLowerCase() === 'a';
    const writes = isWritten(target) || isReadout(target);
    if (writes) {
      this.incomplete = type === 'input' || (this.incomplete && target === this.field);
      this.field = target;
    }
    if (type === 'keydown' || writes) {
      this.touched = performance.now();
    }
  };

  /** Complete, as far as the app is concerned. Who has left the field, and not by a key, is done with it. */
  private readonly leave = ({ type, target }: Event) => {
    if (target === this.field) {
      this.incomplete = false;
      if (type === 'focusout' && !this.tabbed) {
        this.touched = 0;
      }
    }
  };
}

/** What is selected in the field that has the focus; not every browser tells whether all of a number is. */
export function selection(field: Element): Selection {
  if (isReadout(field)) {
    return within(field);
  }
  const { selectionStart: start = null, selectionEnd: end = null, value = '' } = field as Field;
  return { start, end, whole: value !== '' && document.getSelection()?.toString() === value };
}

/** What is selected in the number beside a slider. */
function within(readout: HTMLElement): Selection {
  const said = document.getSelection();
  if (!said?.rangeCount || !readout.contains(said.anchorNode)) {
    return { start: null, end: null, whole: false };
  }
  const range = said.getRangeAt(0);
  const before = document.createRange();
  before.setStart(readout, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { start, end: start + range.toString().length, whole: false };
}

/** Give a field what was selected in another drawing of it. */
export function select(field: Element, { start, end, whole }: Selection): void {
  if (isReadout(field) && field.firstChild && start !== null) {
    const [from, to] = [start, end ?? start].map(at => Math.min(at, field.textContent?.length ?? 0));
    document.getSelection()?.setBaseAndExtent(field.firstChild, from, field.firstChild, to);
  }
  if (!isWritten(field)) {
    return;
  }
  if (start !== null && field.selectionStart !== null) {
    field.setSelectionRange(start, end);
  } else if (whole) {
    field.select();
  } else if (field instanceof HTMLInputElement && field.type === 'number') {
    field.type = 'text'; // one for numbers has no other way to put its cursor behind what is in it
    field.setSelectionRange(field.value.length, field.value.length);
    field.type = 'number';
  }
}

/** Resolved when there is nothing more to wait for, or after the longest. */
async function until(wait: () => number): Promise<void> {
  const begun = performance.now();
  for (let now = wait(); now > 0 && performance.now() < begun + LONGEST; now = wait()) {
    await Promise.race([late(now), ended()]);
  }
}

/** Resolved when the person has ended something; a click follows the pointer's release. */
function ended(): Promise<void> {
  return new Promise(resolve => {
    for (const type of [...ENDS, ...LEFT]) {
      addEventListener(type, () => setTimeout(resolve), { once: true, capture: true });
    }
  });
}

/** Whether it is a field that is written in. */
export function isWritten(target: EventTarget | null): target is Field {
  const others = ['button', 'checkbox', 'color', 'file', 'radio', 'range'];
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !others.includes(target.type));
}
