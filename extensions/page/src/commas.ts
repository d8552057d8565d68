/**
 * Commas in fields for numbers. A browser that writes numbers with a point leaves a comma out, so that 2,5 becomes 25; it
 * may as well be the 1,000 of somebody who writes so. Nobody can tell which for certain, so the page says what happens.
 */

/** Call `say` whenever a comma was left out of what somebody wrote into a field for numbers. */
export function watchCommas(say: () => void): void {
  document.addEventListener('beforeinput', ({ data, target }) => {
    if (data?.includes(',') && target instanceof HTMLInputElement && target.type === 'number') {
      const rest = data.replaceAll(',', '');
      let taken = false;
      const take = (event: Event) => (taken ||= (event as InputEvent).data === data); // else it is of the next key
      target.addEventListener('input', take);
      setTimeout(() => {
        target.removeEventListener('input', take);
        if (!taken || (rest && target.value.includes(rest))) {
          say();
        }
      });
    }
  });
}
