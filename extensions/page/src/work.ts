/** What the process does for this page, by the messages that it does it for; whoever waits for long sees a sign of it. */

import { Sign } from './sign';

export class Work {
  private readonly working = new Set<string>();
  private readonly sign = new Sign();

  /** It works for a message, that was sent now or then. */
  begin(id: string, since?: number): void {
    this.working.add(id);
    this.sign.begin(since);
  }

  /** It has done all for a message. */
  end(id: string): void {
    this.working.delete(id);
    if (this.working.size === 0) {
      this.rest();
    }
  }

  /** Nothing is waited for. */
  rest(): void {
    this.working.clear();
    this.sign.end();
  }

  /** What was done before the client or the connection was there (the first of it `since`) is waited for from now on. */
  goOn(awaited: readonly string[], since?: number): void {
    this.working.clear();
    if (awaited.length === 0) {
      this.rest();
    } else if (since !== 0) {
      awaited.forEach(id => this.begin(id, since));
    }
  }
}
