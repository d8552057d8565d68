/**
 * A page that is drawn anew while somebody writes in it: another field stands where theirs was until theirs is there
 * again, and takes what is written meanwhile, by keys, by the clipboard or by syllables that are composed.
 */

import { typed } from './handover';
import { isWritten, select, selection } from './hands';
import { fieldOf, type Left, left, putBack } from './left';
import { late } from './moments';
import { elementAt, type Place, placeOf } from './places';

/** Milliseconds for which somebody who composes a syllable is waited for. */
const COMPOSING = 1500;

export class StandIn {
  private readonly place: Place | null;
  private readonly before: Left | null = left();
  private readonly other: HTMLInputElement | HTMLTextAreaElement | null;
  private composing = false;

  constructor() {
    const field = document.activeElement;
    this.place = field && placeOf(field, document);
    this.other = this.before && field && isWritten(field) ? this.standFor(field) : null;
  }

  private standFor<T extends HTMLInputElement | HTMLTextAreaElement>(field: T): T {
    const other = field.cloneNode() as T;
    const selected = selection(field);
    const { left, top, width, height } = field.getBoundingClientRect();
    const { font, padding, border } = getComputedStyle(field);
    other.removeAttribute('id');
    Object.assign(other.style, { font, padding, border, boxSizing: 'border-box', margin: '0', zIndex: '1' });
    Object.assign(other.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    other.value = field.value;
    other.addEventListener('compositionstart', () => (this.composing = true));
    other.addEventListener('compositionend', () => (this.composing = false));
    document.body.append(other);
    other.focus({ preventScroll: true });
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
    const text = other?.value ?? null;
    const selected = other ? selection(other) : before?.selection;
    other?.remove();
    if (!field || !selected) {
      return;
    }
    if (!elsewhere) {
      field.focus({ preventScroll: true });
    }
    if (mayRepeat && putBack(field, text)) {
      typed(field, !elsewhere);
    }
    if (!elsewhere) {
      select(field, selected);
    }
  }
}
