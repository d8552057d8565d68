/** What is typed and not sent waits in this browser tab's own store while the page is loaded anew. */

const KEPT = 'jupyterlab-microapps:unsent:';

/** What was typed about an app before the page was loaded; empty if nothing was. */
export function unsent(app: string): string {
  try {
    return window.sessionStorage.getItem(KEPT + app) ?? '';
  } catch {
    return ''; // A browser may forbid its store; then nothing is kept.
  }
}

export function keepUnsent(app: string, text: string): void {
  try {
    if (text) {
      window.sessionStorage.setItem(KEPT + app, text);
    } else {
      window.sessionStorage.removeItem(KEPT + app);
    }
  } catch {
    // As above.
  }
}
