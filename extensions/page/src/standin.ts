/**
 * A page that is drawn anew while somebody writes in it: another field stands where theirs was until theirs is there
 * again, and takes what is written meanwhile, by keys, by the clipboard or by syllables that are composed.
 */

import { typed } from './handover';
import { isWritten, select, selection } from './hands';
import { fieldOf, type Left, left, putBack, textOf } from './left';
import { late } from './moments';
import { elementAt, type Place, placeOf } from './places';
import { isEntered, isReadout, type Readout, taken } from './readouts';

/** Milliseconds for which somebody who composes a syllable is waited for. */
const COMPOSING = 1500;

type Field = HTMLInputElement | HTMLTextAreaElement | Readout;

export class StandIn {
  private readonly place: Place | null;
  private readonly before: Left | null = left();
  private readonly other: Field | null;
  private composing = false;

  constructor() {
    const field = document.activeElement;
    this.place = field && placeOf(field, document);
    this.other = this.before && field && (isWritten(field) || isReadout(field)) ? this.standFor(field) : null;
  }

  private standFor<T extends Field>(field: T): T {
    const other = field.cloneNode() as T;
    const selected = selection(field);
    const { left, top, width, height } = field.getBoundingClientRect();
    const { font, padding, border, textAlign } = getComputedStyle(field);
    other.removeAttribute('id');
    Object.assign(other.style, { font, padding, border, textAlign, boxSizing: 'border-box', margin: '0', zIndex: '1' });
    Object.assign(other.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    if (isReadout(field)) {
      other.textContent = field.textContent;
      other.style.background = 'var(--ground)';
      taken(field); // it is written in the other now
    } else {
      (other as HTMLInputElement).value = field.value;
    }
    other.addEventListener('compositionstart', () => (this.composing = true));
    other.addEventListener('compositionend', () => (this.composing = false));
    document.body.append(other);
    // Whoever writes on has entered nothing yet, though the browser says so of a field that loses the focus.
    const unsaid = (event: Event) => event.stopImmediatePropagation();
    addEventListener('change', unsaid, true);
    other.focus({ preventScroll: true });
    removeEventListener('change', unsaid, true);
    select(other, selected);
    return other;
  }

  /**
   * The field is there again: go on in it, unless somebody has turned to something else meanwhile. What is written in it
   * may be put there unless that may be why the process was lost.
   */
  async leave(mayRepeat: boolean): Promise<void> {
    const { before, other, place } = this;
    const until = performance.now() + COMPOSING;
    while (this.composing && performance.now() < until) {
      await late(20);
    }
    const elsewhere = ![other, document.body].includes(document.activeElement as HTMLElement);
    const field = (place && elementAt(place, document)) ?? (before && fieldOf(before));
    const text = isReadout(other) ? textOf(other) : (other?.value ?? null);
    const entered = isReadout(other) && isEntered(other);
    const selected = other ? selection(other) : before?.selection;
    other?.remove();
    if (!field || !selected) {
      return;
    }
    if (!elsewhere) {
      field.focus({ preventScroll: true });
    }
    if (mayRepeat && putBack(field, text)) {
      typed(field, !elsewhere && !entered);
    }
    if (!elsewhere) {
      select(field, selected);
    }
  }
}
