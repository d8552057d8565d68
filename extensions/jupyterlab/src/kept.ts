/** What waits in this browser tab's own store while the page is loaded anew. */

const PREFIX = 'jupyterlab-microapps:';

/** What was kept under a name; null when there is nothing. */
export function kept<T>(name: string): T | null {
  try {
    return JSON.parse(window.sessionStorage.getItem(PREFIX + name) ?? 'null') as T | null;
  } catch {
    return null; // A browser may forbid its store; then nothing is kept.
  }
}

/** Keep a value under a name until the tab is closed; null keeps nothing. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === null) {
      window.sessionStorage.removeItem(PREFIX + name);
    } else {
      window.sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
    }
  } catch {
    // As above.
  }
}
