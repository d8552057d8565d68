/**
 * Gets the client where the frame around the page has none to hand over. A line that is cut just then may be back soon, so
 * it is asked for until it is there; until then the page is a picture that only the simplest is answered in, and says so.
 */

/** Milliseconds after which it is asked for again: at first, and at last. */
const FIRST = 2000;
const LAST = 30_000;

const WORDS = 'This page is not loaded completely, and cannot be used yet. Trying again…';
const KOREAN = '페이지를 다 불러오지 못해 아직 쓸 수 없습니다. 다시 시도하고 있습니다…';

/** Have the client run from its address; `failed` is called each time that it cannot be had. */
export function fetchClient(address: string, failed: () => void): void {
  const bar = document.createElement('div');
  let wait = FIRST;
  const ask = (number: number) => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = number ? `${address}?${number}` : address; // what could not be had once is not asked for by that name again
    script.onload = () => bar.remove();
    script.onerror = () => {
      script.remove();
      failed();
      say(bar);
      const again = () => {
        clearTimeout(timer);
        removeEventListener('online', again);
        ask(number + 1);
      };
      const timer = setTimeout(again, wait);
      wait = Math.min(2 * wait, LAST);
      addEventListener('online', again);
    };
    document.head.append(script);
  };
  ask(0);
}

function say(bar: HTMLElement): void {
  if (!bar.isConnected) {
    const korean = /^ko\b/i.test(navigator.language);
    Object.assign(bar, { lang: korean ? 'ko' : 'en', textContent: korean ? KOREAN : WORDS });
    bar.setAttribute('role', 'status');
    bar.style.cssText =
      'position:fixed;inset:auto 0 0;z-index:10000;padding:.6rem 1rem;text-align:center;background:#1b1f24;color:#fff;font:1rem/1.4 system-ui,sans-serif';
    document.body.append(bar);
  }
}
