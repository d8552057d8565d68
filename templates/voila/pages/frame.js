// Passes on what the app's page and the window around this one say to each other; templates/voila/bridge.js has the
// list. The app's page may hold scripts that nobody vouches for, so what it sends is taken apart and put together anew:
// known kinds, known fields, bounded lengths. It goes to, and is taken from, those windows only that may frame us.
(() => {
  const frame = document.querySelector("iframe");
  const ancestors = [new URL(document.URL).origin, ...JSON.parse(document.body.dataset.ancestors)];
  const around = window.location.ancestorOrigins?.[0]; // not every browser tells it
  const receivers = around === undefined ? ancestors : ancestors.filter((origin) => origin === around);
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
  const inward = (message) => frame.contentWindow.postMessage(message, "*"); // its origin is opaque: there is no name for it
  frame.addEventListener("load", () => { if (theme) inward(theme); });
  // The client of an app's page, for that page to run: fetched while that page is still on its way. Where this page has
  // the site's origin (a browser that is to save data), the browser keeps it; it keeps no file for a page of an opaque
  // one. The page's policy names the text, so that it matters to nobody who hands it over.
  const { client } = document.body.dataset;
  const fetched = client
    ? fetch(client, { credentials: "omit" }).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "")
    : Promise.resolve("");
  const hand = async () => inward({ microapps: 1, kind: "client", text: await fetched });
  const made = (kinds, data) =>
    Object.hasOwn(kinds, data.kind) ? { microapps: 1, kind: data.kind, ...kinds[data.kind](data) } : null;
  window.addEventListener("message", ({ data, source, origin: sender }) => {
    if (data?.microapps !== 1) return;
    if (source === frame.contentWindow && data.kind === "client") {
      hand();
    } else if (source === frame.contentWindow) {
      const message = made(OUT, data);
      if (message && window.parent !== window) {
        for (const origin of receivers) window.parent.postMessage(message, origin);
      }
    } else if (source === window.parent && ancestors.includes(sender)) {
      const message = made(IN, data);
      if (message?.kind === "theme") {
        theme = message;
        document.documentElement.dataset.theme = message.dark ? "dark" : "light";
      }
      if (message) inward(message);
    }
  });
})();
