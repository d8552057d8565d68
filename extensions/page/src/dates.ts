/**
 * Fields for dates and times while they are typed in. A browser tells of each digit as of another date, and the app may put
 * a limit in its place before the next one: so it hears of what is typed once somebody rests, enters it or leaves. And a
 * browser does not tell of a field that was emptied part by part.
 */

const KINDS = ['date', 'time', 'datetime-local', 'month', 'week'];
/** Milliseconds without a key after which a date is no longer typed in. */
const PAUSE = 1000;

/** Look after all fields for dates of the page. */
export function watchDates(): void {
  let typed: EventTarget | null = null;
  let held: HTMLInputElement | null = null;
  let resting = 0;
  const enter = () => {
    clearTimeout(resting);
    const field = held;
    typed = held = null;
    field?.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const rest = () => {
    clearTimeout(resting);
    resting = window.setTimeout(enter, PAUSE);
  };
  addEventListener(
    'keydown',
    ({ key, target }) => {
      if (!isField(target)) {
        return;
      }
      if (key === 'Enter') {
        enter();
      } else if (key.length === 1 || key === 'Backspace' || key === 'Delete') {
        typed = target; // arrows give one whole date after the other
        rest();
      }
    },
    true
  );
  addEventListener(
    'change',
    event => {
      if (event.isTrusted && isField(event.target) && event.target === typed) {
        event.stopImmediatePropagation();
        held = event.target;
        rest();
      }
    },
    true
  );
  addEventListener(
    'focusout',
    ({ target }) => {
      if (isField(target) && !target.value && !target.validity.badInput) {
        held = target;
      }
      if (target === held || target === typed) {
        enter();
      }
    },
    true
  );
}

function isField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && KINDS.includes(target.type);
}
