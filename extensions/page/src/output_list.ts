/** A list of outputs in an element. What did not change stays as it is, so that widgets in it keep their focus. */

import { type Context, element } from './outputs';
import type { Output } from './protocol';

/** Milliseconds of drawing from which on the next drawing waits, so that there is time for the person between. */
const LONG = 8;
/** How many times as long as a drawing took there is none; and the longest that one waits, in milliseconds. */
const REST = 4;
const LONGEST_REST = 1000;

export class OutputList {
  private coming: readonly Output[] = [];
  private timer = 0;
  /** When the next drawing may be. */
  private free = 0;
  private shown: { output: Output; element: HTMLElement }[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly context: Context
  ) {}

  /** Show these outputs, and no others; soon, where a drawing just took long, as of an app that prints without end. */
  show(outputs: readonly Output[]): void {
    this.coming = outputs;
    const wait = this.free - performance.now();
    if (!outputs.length || wait <= 0) {
      clearTimeout(this.timer);
      this.timer = 0;
      this.draw();
    } else {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        this.draw();
      }, wait);
    }
  }

  private draw(): void {
    const begun = performance.now();
    this.replace(this.coming);
    const ended = performance.now();
    const took = ended - begun;
    this.free = took < LONG ? ended : ended + Math.min(REST * took, LONGEST_REST);
  }

  private replace(outputs: readonly Output[]): void {
    const before = this.shown;
    this.shown = outputs.map((output, index) => {
      const old = before[index];
      if (old && same(old.output, output)) {
        return old;
      }
      const made = element(output, this.context);
      if (old) {
        this.leave(old.element);
        old.element.replaceWith(made);
      } else {
        this.host.append(made);
      }
      return { output, element: made };
    });
    for (const { element: gone } of before.slice(outputs.length)) {
      this.leave(gone);
      gone.remove();
    }
  }

  private leave(gone: HTMLElement): void {
    gone.dispatchEvent(new CustomEvent('leave'));
  }
}

function same(one: Output, other: Output): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
