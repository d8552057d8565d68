/** A list of outputs in an element. What did not change stays as it is, so that widgets in it keep their focus. */

import { type Context, element } from './outputs';
import type { Output } from './protocol';

export class OutputList {
  private shown: { output: Output; element: HTMLElement }[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly context: Context
  ) {}

  /** Show these outputs, and no others. */
  show(outputs: readonly Output[]): void {
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
