/** When something has happened in a page. */

/** Milliseconds after which a site that does not answer is asked again. */
const TRY_AGAIN = 1000;

/** Resolved after so many milliseconds. */
export function late(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Resolved when the page at an address can be had at once, however long it takes; whether there is one. */
export async function ready(address: string): Promise<boolean> {
  for (;;) {
    const answer = await fetch(address, { method: 'HEAD', credentials: 'omit' }).catch(() => null);
    if (answer) {
      return answer.status !== 404;
    }
    await late(TRY_AGAIN);
  }
}

/** Resolved when what is on the page now has been painted. */
export function paint(): Promise<void> {
  return new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
}
