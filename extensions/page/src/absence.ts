/**
 * While the app is gone: what somebody enters and presses meanwhile is kept, and done once another process is there; what
 * became of it is said then.
 */

import { values, writing } from './inputs';
import type { PageManager } from './manager';
import { Memory } from './memory';
import type { Notices, Sentence } from './notices';
import { pressAgain, type Pressed, Presses } from './presses';

/** Milliseconds without a letter after which what is entered while the app is gone is kept outside the page. */
const TELLING = 200;

export class Absence {
  readonly memory: Memory;
  readonly presses = new Presses();
  private over = false;
  /** Why the app is gone, where that is more than that it ended: it would happen again. */
  private cause = '';
  /** What was said when it was there again. */
  private said: Sentence[] = [];
  private telling = 0;

  /** `losses` are the times, in seconds, at which processes were lost by the page before this one. */
  constructor(
    private readonly manager: PageManager,
    private readonly notices: Notices,
    losses: readonly number[]
  ) {
    this.memory = new Memory([...losses]);
    addEventListener('input', () => {
      if (this.over) {
        clearTimeout(this.telling);
        this.telling = window.setTimeout(() => void this.keep(), TELLING);
      }
    });
    for (const type of ['keydown', 'pointerdown']) {
      addEventListener(type, ({ isTrusted }) => isTrusted && this.memory.acted(), true);
    }
  }

  /** The app is gone; `cause` says why, where it would happen again. */
  begin(cause: string): void {
    this.over = true;
    this.cause = cause;
    void this.keep();
  }

  /** It is there again, perhaps in another process. */
  end(another: boolean): void {
    if (!another) {
      this.presses.end(); // it is the same process, and is told by the connection
    }
    if (this.over) {
      this.over = false;
      void this.keep();
    }
  }

  /** What the person has set, by key. */
  entered(): Promise<Record<string, string>> {
    return values(this.manager, ({ model }) => this.memory.has(model.model_id));
  }

  /** Have the frame around the page keep what was entered: somebody may load it again. */
  private async keep(): Promise<void> {
    const kept = this.over ? { ...(await this.entered()), ...(await writing(this.manager)) } : null;
    if (window.parent !== window && (kept === null) !== this.over) {
      window.parent.postMessage({ microapps: 1, kind: 'over', values: kept }, '*');
    }
  }

  /** Say that it was started again; `labels` are of what was entered again. */
  startedAgain(labels: readonly string[]): void {
    this.notices.clear('gone');
    const gone = 'What the app had collected, such as entries added to a list or files that were uploaded, may be gone.';
    const why = this.cause ? [this.cause] : [];
    const held = this.memory.mayRepeat ? [] : ['What you had entered was not entered again, since it may be why.'];
    this.said = ['The app had stopped and was started again.', ...why, ...held, ...kept(labels), gone];
    this.notices.say('kept', this.said);
    this.cause = '';
  }

  /**
   * Press again what was pressed, unless that may be why (`mayRepeat`); say so if something was not heard.
   *
   * @param waits - Whether the app has not answered yet to all that was entered.
   */
  async press(pressed: Pressed, mayRepeat: boolean, waits: () => boolean): Promise<void> {
    const presses = mayRepeat ? pressed.presses : [];
    const unheard = pressed.unheard || presses.length < pressed.presses.length;
    if (!(await pressAgain({ presses, unheard }, this.manager, waits))) {
      this.notices.say('kept', [...this.said, 'A button that you pressed meanwhile may have done nothing.']);
    }
  }
}

/** What is said of the labels of what was kept; some may have none. */
function kept(all: readonly string[]): Sentence[] {
  const labels = [...new Set(all.filter(Boolean))];
  if (all.length && !labels.length) {
    return ['What you had entered was kept.'];
  }
  const shown = labels.slice(0, 6).join(', ');
  const more = labels.length - 6;
  if (more > 0) {
    return [['What you had entered was kept: %1 and %2 more.', shown, String(more)]];
  }
  return shown ? [['What you had entered was kept: %1.', shown]] : [];
}
