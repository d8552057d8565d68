/**
 * What the page takes for a connection to a server: here it leads to a worker of the same page, in which the app runs.
 * Loaded before anything of the page's client.
 */
(() => {
  'use strict';
  const folder = new URL('.', document.currentScript.src);
  const KOREAN = /^ko\b/i.test(navigator.language);
  const STARTING = KOREAN
    ? '브라우저에서 시작하고 있습니다… 처음에는 몇 메가바이트를 불러옵니다.'
    : 'Starting in your browser… The first time it loads some megabytes.';
  const ELSEWHERE = KOREAN
    ? '이 앱이 이 브라우저의 다른 탭에 열려 있고, 보관하는 내용이 거기에 있습니다. 그 탭을 닫으면 여기서 이어집니다.'
    : 'This app is open in another tab of this browser, which holds what it keeps. Close that one, and it goes on here.';
  const BUSY = KOREAN ? '앱이 오래 계산하고 있습니다.' : 'The app has been calculating for long.';
  const STOP = KOREAN ? '멈추기' : 'Stop it';
  const STOPPED = KOREAN ? '계산하는 동안 앱을 멈췄습니다.' : 'The app was stopped while it was calculating.';
  /** Milliseconds without a word of the app, while it is to answer, after which it can be stopped. */
  const PATIENCE = 10_000;
  /** Milliseconds within which a tab answers that it came before. */
  const TURN = 1500;
  let worker = null;
  let open = null;
  let held = null;
  let started = false;
  let unanswered = 0;
  let offering = 0;

  function tell(text, act) {
    const line = document.getElementById('starting') ?? document.createElement('p');
    line.id = 'starting';
    line.setAttribute('role', 'status');
    line.style.cssText =
      'position:fixed;inset:auto 0 0;margin:0;padding:.5rem 1rem;text-align:center;font:14px system-ui,sans-serif;' +
      'background:Canvas;color:CanvasText;border-top:1px solid GrayText;z-index:10';
    line.textContent = text;
    line.hidden = !text;
    if (act) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = STOP;
      button.style.cssText = 'font:inherit;margin-inline-start:.75rem;padding:.25rem .75rem';
      button.addEventListener('click', act);
      line.append(button);
    }
    document.body?.append(line);
  }

  /** Nothing limits how long an app calculates here: who waits for its answer can stop it. */
  function watch() {
    clearTimeout(offering);
    if (started && unanswered > 0) {
      offering = setTimeout(() => tell(BUSY, () => end(STOPPED)), PATIENCE);
    }
  }

  /**
   * Resolved when no tab is left that came before this one. Each answers those who came later as long as it is there;
   * the page does, and not its worker, which is silent while it calculates.
   */
  async function turn(name) {
    const mine = `${Date.now()} ${Math.random()}`;
    const line = new BroadcastChannel(`microapps ${name}`);
    let before = false;
    line.onmessage = ({ data }) => {
      if (data.asks > mine) {
        line.postMessage({ wait: data.asks });
      } else if (data.wait === mine) {
        before = true;
      }
    };
    addEventListener('pageshow', ({ persisted }) => persisted && location.reload()); // another has gone on meanwhile
    do {
      before = false;
      line.postMessage({ asks: mine });
      await new Promise(done => setTimeout(done, TURN));
      tell(before ? ELSEWHERE : STARTING);
    } while (before);
  }

  function begin() {
    worker = new Worker(new URL('worker.js', folder), { type: 'module' });
    const own = worker;
    worker.onmessage = ({ data }) => {
      if (own !== worker) {
        return;
      }
      if (data?.failed) {
        end(data.failed);
      } else if (data?.asks) {
        held ??= turn(data.asks);
        void held.then(() => own.postMessage({ turn: true }));
      } else if (data?.waiting !== undefined) {
        tell(data.waiting ? ELSEWHERE : STARTING);
      } else {
        started = true;
        if (typeof data === 'string' && /"type": ?"status"/.test(data) && /"state": ?"idle"/.test(data)) {
          unanswered = Math.max(0, unanswered - 1);
        }
        tell('');
        watch();
        open?.onmessage?.({ data });
      }
    };
    worker.onerror = event => {
      event.preventDefault();
      end('The app could not be loaded.');
    };
  }

  /** The worker is of no more use: the page says so, and may ask for another. */
  function end(what) {
    worker?.terminate();
    worker = null;
    started = false;
    unanswered = 0;
    watch();
    tell('');
    open?.onmessage?.({ data: JSON.stringify({ type: 'gone', why: 'closed', what }) });
  }

  window.WebSocket = class {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    binaryType = 'arraybuffer';
    readyState = 0;
    onopen = null;
    onmessage = null;
    onclose = null;

    constructor() {
      if (!worker) {
        begin();
      }
      open = this;
      queueMicrotask(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }

    send(data) {
      if (data === '{"type":"there"}') {
        queueMicrotask(() => worker && this.onmessage?.({ data: '{"type":"here"}' })); // it may calculate for long
        return;
      }
      if (typeof data !== 'string' || /"type": ?"comm"/.test(data)) {
        unanswered++;
        watch();
      }
      worker?.postMessage(data);
    }

    close() {
      this.readyState = 3;
      if (open === this) {
        open = null;
      }
    }
  };

  addEventListener('DOMContentLoaded', () => {
    if (location.protocol === 'file:') {
      document.getElementById('starting')?.remove();
      tell('This folder has to be on a web host: opened from a disk, the page is only a picture.');
    } else {
      tell(STARTING);
    }
  });
})();
