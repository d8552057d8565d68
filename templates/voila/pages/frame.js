// Passes on what the app's page and the window around this one say to each other; templates/voila/bridge.js has the
// list. The app's page may hold scripts that nobody vouches for, so what it sends is taken apart and put together anew:
// known kinds, known fields, bounded lengths. It goes to, and is taken from, those windows only that may frame us.
(() => {
  // The frame as it stands there for a browser without scripts: with them it is decided here whose visit it is for.
  // Looked for where nothing of an app is: a cover may have names of its own.
  const place = document.querySelector("body > noscript");
  const drawn = document.createElement("template");
  drawn.innerHTML = place.textContent;
  let frame = drawn.content.firstElementChild;
  const ancestors = [new URL(document.URL).origin, ...JSON.parse(document.body.dataset.ancestors)];
  const around = window.location.ancestorOrigins?.[0]; // not every browser tells it
  const may = (origin) =>
    ancestors.some((known) => {
      const [before, after] = known.split("*"); // as https://*.school.example and http://localhost:*
      return after === undefined ? known === origin : origin.startsWith(before) && origin.endsWith(after);
    });
  const receivers = around === undefined ? ancestors.filter((known) => !known.includes("*")) : [around].filter(may);
  const text = (value, longest) => (typeof value === "string" ? value.slice(0, longest) : "");
  const size = (value) => (Number.isFinite(value) ? Math.min(Math.max(value, 0), 1e6) : 0);
  const single = (value) => {
    if (typeof value === "string") return value.slice(0, 10_000);
    return ["number", "boolean"].includes(typeof value) ? value : null;
  };
  const table = (values) => {
    const entries = values instanceof Object ? Object.entries(values).slice(0, 200) : [];
    const bounded = (value) => (Array.isArray(value) ? value.slice(0, 1000).map(single) : single(value));
    return Object.fromEntries(entries.map(([name, value]) => [name.slice(0, 200), bounded(value)]));
  };
  // What a person had entered, where the visit is over and this page has to be loaded anew for another: nothing else than
  // its address outlives that, and this part of it is sent to nobody.
  const KEPT = "#kept=";
  const keep = (values) => {
    location.replace(KEPT + encodeURIComponent(JSON.stringify(values)));
    location.reload();
  };
  // That address has to lead somewhere: as long as it does not, they stay where they see what they entered. A page of an
  // opaque origin may ask whether somebody answers, and is not told what.
  const asked = () => {
    const mode = window.origin === "null" ? "no-cors" : "same-origin";
    const address = location.pathname.replace(/\/*$/, "/");
    return fetch(address, { method: "HEAD", mode, credentials: "omit" }).catch(() => null);
  };
  const leave = async (values) => {
    const answer = await asked();
    if (answer?.ok || answer?.type === "opaque") keep(values);
    else inward({ microapps: 1, kind: "stranded", ended: answer?.status === 404 });
  };
  const anew = () => {
    history.replaceState(null, "");
    location.reload();
  };
  // Who loads this page themselves while the app is gone finds it too: until the app is there again, the entry in the
  // browser's history has it.
  const note = (noted) => {
    const { kept: _, ...rest } = Object(history.state);
    history.replaceState(noted ? { ...rest, kept: noted } : rest, "");
  };
  const kept = () => {
    const noted = Object(history.state).kept;
    if (!location.hash.startsWith(KEPT)) return noted ? table(noted) : null;
    try {
      return table(JSON.parse(decodeURIComponent(location.hash.slice(KEPT.length))));
    } catch {
      return null; // an address that somebody has changed
    } finally {
      location.replace("#");
    }
  };
  let before = kept();
  // Who comes back to this page (Back, Forward) finds their visit as they left it, while it lives (extensions/page/src/
  // cover.ts says which). Where it is over, or open in another tab, the site leads on to the fresh one. It is kept where no
  // other page of this window can read it, unlike the window's name.
  const fresh = frame.getAttribute("src");
  const { earlier = "" } = document.documentElement.dataset;
  const begin = (visit) => history.replaceState(before ? { visit, kept: before } : { visit }, "");
  if (earlier.startsWith(fresh.replace(/[^/]+\/$/, ""))) {
    document.querySelector("body > #cover")?.remove();
    document.documentElement.classList.replace("covered", "framed");
    document.body.classList.add("framed");
    begin(earlier);
    frame.src = `${earlier}?instead=${encodeURIComponent(fresh.split("/").at(-2))}`;
  } else {
    begin(fresh);
  }
  place.replaceWith(frame);
  // What is beyond the window would be cut off on paper: there the frame is as high as what the page has told of its
  // content, and as wide as it was then (templates/voila/pages/frame.css). Nobody waits for an answer before printing.
  const paper = ({ content, height }) => {
    const tall = Math.min(size(content) || size(height), 200_000);
    root.style.setProperty("--tall", `${tall}px`);
    root.style.setProperty("--wide", `${frame.clientWidth}px`);
  };
  const nothing = () => ({});
  const OUT = {
    ready: nothing,
    error: nothing,
    gone: nothing,
    height: (data) => ({ height: size(data.height) }),
    values: (data) => ({ values: table(data.values) }),
    pointed: (data) => ({ model: text(data.model, 64), label: text(data.label, 200), type: text(data.type, 100) }),
  };
  const IN = {
    point: (data) => ({ on: data.on === true }),
    values: nothing,
    fill: (data) => ({ values: table(data.values) }),
    theme: (data) => ({ dark: data.dark === true }),
  };
  let theme = null;
  const inward = (message, to = frame) => to.contentWindow.postMessage(message, "*"); // its origin is opaque: there is no name for it
  const themed = ({ target }) => { if (theme) inward(theme, target); };
  frame.addEventListener("load", themed);
  // A line that is cut while the app's page is on its way leaves nothing there, or the browser's own words. An app's page
  // speaks as soon as it is read; one that does not, where nobody answers, is asked for again once somebody does.
  let silent = true;
  frame.addEventListener("load", async () => {
    if (!silent || (await asked())) return;
    while (!(await asked())) await new Promise((done) => setTimeout(done, 1000));
    if (silent) frame.src = frame.src;
  });
  // The client of an app's page, for that page to run: fetched while that page is still on its way. Where this page has
  // the site's origin, the browser keeps it; it keeps no file for a page of an opaque one, as the app's own page always
  // is. The page's policy names the text, so that it matters to nobody who hands it over.
  const { client } = document.body.dataset;
  let fetching;
  const fetched = () =>
    (fetching ??= client
      ? fetch(client, { credentials: "omit" }).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "")
      : Promise.resolve(""));
  const root = document.documentElement;
  if (root.classList.contains("waits")) root.addEventListener("comes", fetched, { once: true });
  else fetched();
  const hand = async (to) => inward({ microapps: 1, kind: "client", text: await fetched() }, to);
  const made = (kinds, data) =>
    Object.hasOwn(kinds, data.kind) ? { microapps: 1, kind: data.kind, ...kinds[data.kind](data) } : null;
  const outward = (data) => {
    const message = made(OUT, data);
    if (message?.kind === "height") paper(data);
    if (message && window.parent !== window) {
      for (const origin of receivers) window.parent.postMessage(message, origin);
    }
  };
  // Where an app's process is lost, another one may have another page. It comes behind the one there is, which is written
  // in until then; what the two say to each other is theirs alone (extensions/page/src/beside.ts).
  let coming;
  let tall = {};
  const beside = (along) => {
    coming?.remove();
    coming = frame.cloneNode();
    coming.src = history.state.visit;
    coming.name = `microapps:${text(along, 1000)}`;
    coming.className = "coming";
    coming.addEventListener("load", themed);
    frame.after(coming);
  };
  const change = () => {
    frame.remove();
    frame = coming;
    coming = undefined;
    frame.className = "";
    note(null);
    [{ kind: "ready" }, tall].forEach(outward);
  };
  window.addEventListener("message", ({ data, source, origin: sender }) => {
    if (data?.microapps !== 1) return;
    const from = [frame, coming].find((one) => one?.contentWindow === source);
    if (from) silent = false;
    if (from && data.kind === "client") {
      hand(from);
    } else if (from && data.kind === "begins") {
      if (data.visit === fresh) begin(fresh);
    } else if (from && data.kind === "beside") {
      beside(data.along);
    } else if (coming && from && data.kind === "across") {
      inward({ microapps: 1, kind: "across", what: text(data.what, 5e6) }, from === frame ? coming : frame);
    } else if (from && from === coming) {
      if (data.kind === "height") tall = data;
      else if (data.kind === "again") inward({ microapps: 1, kind: "stranded", ended: false });
      else if (data.kind === "taken") change();
    } else if (coming && from && data.kind === "turn") {
      if (document.activeElement === frame) coming.focus();
      inward({ microapps: 1, kind: "turned" });
    } else if (from && data.kind === "over") {
      note(data.values === null ? null : table(data.values));
    } else if (from && data.kind === "again") {
      if (data.values === null) anew();
      else leave(table(data.values));
    } else if (from) {
      if (data.kind === "ready") {
        if (before) inward({ microapps: 1, kind: "kept", values: before });
        before = null;
        note(null);
      }
      outward(data);
    } else if (source === window.parent && may(sender)) {
      const message = made(IN, data);
      if (message?.kind === "theme") {
        theme = message;
        document.documentElement.dataset.theme = message.dark ? "dark" : "light";
        for (const sheet of document.querySelectorAll("style[data-theme=dark]")) sheet.media = message.dark ? "screen" : "not all";
      }
      if (message) inward(message);
    }
  });
})();
