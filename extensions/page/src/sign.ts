/**
 * The sign that something was done which is not answered yet: a line that runs along the top of the page
 * (`style/page.css`). It goes over from one drawing of a page to the next, so that nobody sees it end in between.
 */

/** Milliseconds for which nothing is said of that: most answers are there by then. */
const BUSY = 500;

export class Sign {
  /** When that was done which is waited for (`Date.now()`); 0 where nothing is. */
  since = 0;
  private timer = 0;

  /** `longest`: milliseconds after which it goes in any case; 0 for never. */
  constructor(private readonly longest = 0) {}

  /** Whether it is seen. */
  get seen(): boolean {
    return document.documentElement.hasAttribute('data-busy');
  }

  /** Something was done, now or then. */
  begin(since = Date.now()): void {
    if (this.since) {
      return;
    }
    this.since = since;
    const wait = since + BUSY - Date.now();
    if (wait > 0) {
      this.timer = window.setTimeout(() => this.come(), wait);
    } else {
      this.come(); // at once: it was there in the drawing before this one
    }
  }

  /** Nothing is waited for any more; since when something was. */
  end(): number {
    const { since } = this;
    this.since = 0;
    clearTimeout(this.timer);
    if (this.seen) {
      show(false);
    }
    return since;
  }

  /** Something is answered. What else is waited for (`more`) is so from now on, unless the sign is there already. */
  answered(more: boolean): void {
    if (!more || !this.seen) {
      this.end();
    }
    if (more) {
      this.begin();
    }
  }

  private come(): void {
    show(true);
    if (this.longest) {
      this.timer = window.setTimeout(() => this.end(), this.longest);
    }
  }
}

function show(on: boolean): void {
  document.documentElement.toggleAttribute('data-busy', on);
  document.querySelector('main')?.setAttribute('aria-busy', String(on));
}
