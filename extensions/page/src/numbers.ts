/**
 * Fields for numbers do not always take what somebody writes. A browser that writes numbers with a point leaves a comma
 * out, so that 2,5 becomes 25; it may as well be the 1,000 of somebody who writes so. The widget library leaves points and
 * commas out of whole numbers, and puts the limit in place of what is beyond it; of several values it leaves one that it
 * does not take where it was written. The page says what happens.
 */

import type { Sentence } from './notices';

const COMMAS = 'Commas are left out of numbers here. Write two and a half with a point: 2.5.';
const REFUSED = '“%1” was not added: it is no value for this field, or is there already.';
const WHOLE = 'This is a field for whole numbers: points and commas are left out.';

/** Call `say` whenever something else became of what somebody wrote into a field for numbers. */
export function watchNumbers(say: (sentence: Sentence) => void): void {
  document.addEventListener('beforeinput', ({ data, target }) => {
    if (data?.includes(',') && isField(target)) {
      const rest = data.replaceAll(',', '');
      let taken = false;
      const take = (event: Event) => (taken ||= (event as InputEvent).data === data); // else it is of the next key
      target.addEventListener('input', take);
      setTimeout(() => {
        target.removeEventListener('input', take);
        if (!taken || (rest && target.value.includes(rest))) {
          say(COMMAS);
        }
      });
    }
  });
  document.addEventListener('keypress', event => {
    if ([',', '.'].includes(event.key) && event.defaultPrevented && isField(event.target)) {
      say(WHOLE);
    }
  });
  document.addEventListener(
    'change',
    ({ target, isTrusted }) => {
      if (isTrusted && target instanceof HTMLInputElement && target.matches('.jupyter-widget-taginput')) {
        const written = target.value;
        setTimeout(() => written.trim() && target.value === written && say([REFUSED, written]));
      }
      if (isTrusted && isField(target) && target.value) {
        const written = target.value;
        setTimeout(() => {
          if (target.value && Number(target.value) !== Number(written)) {
            say(['“%1” is beyond the limits here, and became %2.', written, target.value]);
          }
        });
      }
    },
    true
  );
}

function isField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.type === 'number';
}
