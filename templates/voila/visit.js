// What a page of an app does besides its widgets: say when the connection to its kernel is lost, when the kernel has
// gone and why, when the app ran into an error, and when a newer version of it is there. The site says so in text frames,
// which the widgets' client never uses, and by the code with which it closes the connection.
(() => {
  // Markup that a widget shows leads the page nowhere, and holds no page of another host: a policy keeps such a frame from
  // being loaded only after the browser has looked up the host and connected to it.
  const inner = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  const ACTING = /<(?:base|embed|frame|iframe|link|meta|object)[\s/>]/i;
  const write = function (html) {
    if (!ACTING.test(html) || this instanceof HTMLTemplateElement) {
      inner.set.call(this, html);
      return;
    }
    const inert = document.implementation.createHTMLDocument("").createElement(this.localName);
    inner.set.call(inert, html);
    inert.querySelectorAll("base, link:not([rel=stylesheet i]), meta").forEach((found) => found.remove());
    for (const frame of inert.querySelectorAll("embed, frame, iframe, object")) {
      const held = frame.getAttribute("srcdoc");
      if (held !== null && !ACTING.test(held)) continue;
      const stands = document.createElement(`x-${frame.localName}`);
      stands.append(...frame.childNodes);
      frame.replaceWith(stands);
    }
    this.replaceChildren(...inert.childNodes);
  };
  Object.defineProperty(Element.prototype, "innerHTML", { ...inner, set: write });
  const Plain = window.WebSocket;
  const framed = window.parent !== window;
  const again = { text: "Start again", href: window.location.href };
  const typed = framed ? "What you entered is kept: go on with “Start again”." : "What was typed into it is gone.";
  const bars = {
    lost: { text: "The connection was lost. Trying to get it back…" },
    gone: { text: `The app has stopped. ${typed}`, act: again, last: true },
    revoked: { text: "The app was ended by its owner.", act: { ...again }, last: true }, // whose address leads nowhere
    stopped: { text: `The site was stopped, perhaps to be started again. ${typed}`, act: again, last: true },
    kept: {
      text: "The app had stopped and was started again. What the app had collected, such as entries added to a list or files that were uploaded, may be gone.",
      close: true,
    },
    ended: {
      text: "This address is no longer good, so the app cannot be started again from here. Open it where you found its link. What you entered is still on this page.",
      act: again,
    },
    away: { text: "The site cannot be reached just now. What you entered is still on this page.", act: again },
    newer: { text: "A new version of this app is there.", act: { ...again, text: "Reload" }, close: true },
    error: { text: "The app ran into an error. Its owner sees the details.", close: true },
    form: { text: "This form was not sent: the page of an app sends nothing elsewhere.", close: true },
    link: {
      text: "The page of an app opens no other page. To open this link in a new tab, click it with the Ctrl key (on a Mac ⌘), or press it long.",
      close: true,
    },
  };
  const codes = { 4001: "gone", 4002: "revoked", 4003: "stopped" };
  const bridge = window.microapps;
  const style = document.getElementById("microapps-notice-style").content.textContent;
  let ended = false;
  const link = (text, href) => {
    const made = document.createElement("a");
    Object.assign(made, { href, textContent: text });
    return made;
  };
  const clear = (kind) => {
    const bar = document.getElementById("microapps-notice");
    if (bar?.dataset.kind === kind) bar.remove();
  };
  const say = (kind, more = "") => {
    const { text, act, close, last } = bars[kind] ?? {};
    if (!text || (ended && !["ended", "away"].includes(kind))) return;
    ended ||= last === true;
    if (kind === "error") bridge.tell("error");
    if (last) bridge.tell("gone");
    document.getElementById("microapps-notice")?.remove();
    const bar = document.createElement("div");
    bar.id = "microapps-notice";
    bar.setAttribute("role", "status");
    bar.dataset.kind = kind;
    bar.popover = "manual"; // on top of all that is there
    const root = bar.attachShadow({ mode: "open" }); // no style of the app reaches what is in it
    const sheet = document.createElement("style");
    const said = document.createElement("span");
    Object.assign(sheet, { textContent: style });
    Object.assign(said, { textContent: text + more });
    root.append(sheet, said);
    if (act) root.append(" ", link(act.text, act.href));
    if (act === again && framed) {
      root.lastChild.addEventListener("click", (event) => { event.preventDefault(); bridge.again(); });
    }
    if (close) {
      const shut = link("Close", "#");
      shut.addEventListener("click", (event) => { event.preventDefault(); bar.remove(); });
      root.append(" ", shut);
    }
    document.documentElement.append(bar);
    bar.showPopover?.(); // not in older browsers
  };
  const ask = async (url) => {
    say("lost");
    const kernel = url.replace(/^ws/, "http").replace(/\/channels.*/, "");
    const answer = await fetch(kernel, { cache: "no-store" }).catch(() => null);
    if (answer !== null && answer.status === 404) say("gone");
  };
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      if (!this.url.includes("/api/kernels/")) return;
      this.addEventListener("open", () => clear("lost"));
      this.addEventListener("close", (event) => (event.code in codes ? say(codes[event.code]) : ask(this.url)));
      this.addEventListener("message", (event) => {
        if (typeof event.data === "string") { event.stopImmediatePropagation(); say(event.data); }
      });
    }
  };
  // What had been entered before: a control may come a moment after the others.
  const refill = async (values, tries = 50) => {
    const left = await bridge.fill(values);
    const lost = Object.keys(left);
    if (lost.length && tries) setTimeout(refill, 200, left, tries - 1);
    else say("kept", lost.length ? ` What you had entered was kept, except: ${lost.join(", ")}.` : " What you had entered was kept.");
  };
  window.addEventListener("message", ({ data, source }) => {
    if (source !== window.parent || data?.microapps !== 1) return;
    if (data.kind === "kept") refill(Object(data.values));
    else if (data.kind === "stranded") say(data.ended === true ? "ended" : "away");
  });
  window.addEventListener("microapps-stays", ({ detail: address }) => say(address === null ? "form" : "link"));
  window.voila_process = window.voila_finish = window.voila_heartbeat = () => {};
  // Voila's client puts itself here when it has started; its widgets' manager knows when the kernel's widgets are there.
  const started = async (client) => {
    const manager = await client.widgetManagerPromise.promise;
    const attach = () => bridge.attach({ ids: () => manager.registeredModels, get_model: (id) => manager.get_model(id) });
    if (manager.restoredStatus) attach();
    else manager.restored.connect(attach);
  };
  Object.defineProperty(window, "jupyterapp", { configurable: true, set: started });
})();
