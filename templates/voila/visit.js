// What a page of an app does besides its widgets: say when the connection to its kernel is lost, when the kernel has
// gone, and when the app ran into an error. The site says so in text frames, which the widgets' client never uses.
// It also takes away the one way to send data out that no policy of a page covers: WebRTC. A frame within the page
// would have its own, so frames are removed before they load; none is of use, as the policy lets them show nothing.
// What is called here later is held on to now: a script of the app may replace it.
(() => {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel"]) delete window[name];
  const held = (method) => Function.prototype.call.bind(method);
  const remove = held(Element.prototype.remove);
  const observe = held(MutationObserver.prototype.observe);
  const attachShadow = held(Element.prototype.attachShadow);
  const Observer = MutationObserver;
  const watch = (root, find) => {
    const sweep = () => {
      for (let frame = find(root, frames); frame !== null; frame = find(root, frames)) remove(frame);
    };
    observe(new Observer(sweep), root, { childList: true, subtree: true });
  };
  const frames = "iframe, frame, object, embed, fencedframe, portal";
  const findInShadow = held(DocumentFragment.prototype.querySelector);
  watch(document, held(Document.prototype.querySelector));
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow(this, options);
    watch(root, findInShadow);
    return root;
  };
  for (const kind of [Element, ShadowRoot]) delete kind.prototype.setHTMLUnsafe;
  delete Document.parseHTMLUnsafe;
  const Plain = window.WebSocket;
  const texts = {
    lost: "The connection was lost. Trying to get it back…",
    gone: "The app has stopped, and what was typed into it is gone.",
    error: "The app ran into an error. Its owner sees the details.",
  };
  let ended = false;
  const say = (kind) => {
    let bar = document.getElementById("microapps-notice");
    if (!kind) { if (bar && bar.dataset.kind === "lost") bar.remove(); return; }
    if (ended) return;
    ended = kind === "gone";
    if (!bar) {
      bar = document.createElement("div");
      bar.id = "microapps-notice";
      bar.setAttribute("role", "status");
      document.body.append(bar);
    }
    bar.dataset.kind = kind;
    bar.textContent = texts[kind];
    const act = document.createElement("a");
    act.href = kind === "error" ? "#" : window.location.href;
    act.textContent = kind === "error" ? "Close" : "Start again";
    if (kind === "error") act.addEventListener("click", (event) => { event.preventDefault(); bar.remove(); });
    if (kind !== "lost") bar.append(" ", act);
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
      this.addEventListener("open", () => say(""));
      this.addEventListener("close", (event) => (event.code === 4001 ? say("gone") : ask(this.url)));
      this.addEventListener("message", (event) => {
        if (typeof event.data === "string") { event.stopImmediatePropagation(); say(event.data); }
      });
    }
  };
  window.voila_process = window.voila_finish = window.voila_heartbeat = () => {};
})();
