// For the page of an app whose own scripts may run: takes away the one way to send data out that no policy of a page
// covers, WebRTC. A frame within the page would have its own, so frames are removed before they load; none is of use, as
// the policy lets them show nothing. What is called here later is held on to now: a script of the app may replace it.
// It is a script among scripts and no boundary; where the app brings no scripts, none run and nothing here is needed.
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
})();
