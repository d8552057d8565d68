/** When something has happened in a page. */

/** Resolved after so many milliseconds. */
export function late(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Resolved when what is on the page now has been painted. */
export function paint(): Promise<void> {
  return new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
}
