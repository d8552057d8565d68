// What the page of an app and the window that shows it say to each other, by postMessage through the frame around it.
//
// To the window: { microapps: 1, kind, … }
//   ready                    the widgets are there
//   error                    a callback of the app failed
//   gone                     the app's kernel has ended
//   height  { height }       how tall the page is, in CSS pixels, whenever that changes; to the frame also the content of
//                            it that is printed
//   pointed { model, label, type }   what was pointed at: the widget model's id, the label a person sees, the widget's
//                            class; all three are empty when the pointing was left with Escape
//   values  { values }       label → value of every control that has a label: text, number, true or false, null, or a
//                            list of these; dates as ISO 8601, choices as their labels; no passwords, no files
//   again   { values }       to the frame alone: the visit is over, load yourself for another, and keep these; null for
//                            one that begins anew
//   over    { values }       to the frame alone: the app is gone, and this is what had been entered; null when it is there
//                            again
//   beside  { along }        to the frame alone: load another page of this visit behind this one, with this in its name
//   across  { what }         to the other of the two, by the frame: what is entered goes over (extensions/page/src/beside.ts)
//   turn                     to the frame alone, from the page that goes: give the one that comes the focus, if this one has it
//   taken                    to the frame alone, from the page that comes: it is the one that is seen now
// To the page:
//   kept    { values }       from the frame alone: what had been entered before it was loaded for another visit
//   stranded { ended }       from the frame alone: the visit is over, and no other can begin at its address; "ended" if
//                            that is good no more, else nobody answers there
//   across  { what }         from the other of two pages, by the frame
//   turned                   from the frame alone: this page has the focus no more
//   point   { on }           begin or end pointing
//   values                   answer with values
//   fill    { values }       put values into the controls with these labels, as if typed; the answer is values
//   theme   { dark }         light or dark; before it comes, the browser's own preference holds
//
// A page makes its widgets known with microapps.attach({ ids, get_model }): ids() gives the ids of all models, and
// get_model(id) a promise of a model with get, set, save_changes, attributes and views, as @jupyter-widgets/base has.
(() => {
  const LABEL = 200;
  const say = (kind, more) => {
    if (window.parent !== window) window.parent.postMessage({ microapps: 1, kind, ...more }, "*");
  };
  let widgets = { ids: () => [], get_model: () => Promise.reject(new Error("no widgets yet")) };

  // Every view on the page with its model, in the order of the page.
  const shown = async () => {
    const settled = (promises) => Promise.allSettled(promises).then((all) => all.flatMap((one) => one.value ?? []));
    const models = await settled([...widgets.ids()].map((id) => widgets.get_model(id).then((model) => ({ id, model }))));
    const views = await settled(
      models.flatMap(({ id, model }) =>
        Object.values(model.views ?? {}).map((view) => Promise.resolve(view).then(({ el }) => ({ id, model, el })))
      )
    );
    const connected = views.filter(({ el }) => el?.isConnected);
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    return connected.sort((a, b) => (a.el.compareDocumentPosition(b.el) & after ? -1 : 1));
  };
  const typeOf = (model) => String(model.get("_model_name") ?? "").replace(/Model$/, "").slice(0, 100);
  const labelOf = ({ model, el }) => {
    const named = el.getAttribute("aria-label") ?? el.querySelector("[aria-label]")?.getAttribute("aria-label");
    return String(model.get("description") || named || "").trim().slice(0, LABEL);
  };

  // Values
  const plain = (value) => {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (Array.isArray(value)) return value.map(plain);
    return ["string", "number", "boolean"].includes(typeof value) || value === null ? value : undefined;
  };
  const valueOf = (model) => {
    const { _options_labels: labels, index, value } = model.attributes;
    if (Array.isArray(labels)) return Array.isArray(index) ? index.map((n) => labels[n]) : labels[index] ?? null;
    return plain(value);
  };
  const NOT_ASKED = new Set(["Password", "FileUpload", "HTML", "HTMLMath", "Label", "Image", "Audio", "Video"]);
  const controls = async () => {
    const named = new Map();
    const seen = new Set();
    for (const { id, model, el } of await shown()) {
      const label = labelOf({ model, el });
      if (!label || seen.has(id) || NOT_ASKED.has(typeOf(model)) || valueOf(model) === undefined) continue;
      seen.add(id);
      let name = label;
      for (let number = 2; named.has(name); number += 1) name = `${label} (${number})`;
      named.set(name, model);
    }
    return named;
  };
  const current = async () => Object.fromEntries([...(await controls())].map(([name, model]) => [name, valueOf(model)]));
  const tellValues = async () => say("values", { values: await current() });
  const put = (model, given) => {
    const { _options_labels: labels, index, value, disabled } = model.attributes;
    if (disabled) return;
    if (Array.isArray(labels)) {
      const place = (label) => labels.indexOf(String(label));
      const places = Array.isArray(index) ? [].concat(given ?? []).map(place) : given === null ? null : place(given);
      if ([].concat(places).includes(-1)) return;
      model.set("index", places);
    } else if (typeof value === "boolean") {
      model.set("value", given === true || ["true", "1", "yes", "on"].includes(String(given).toLowerCase()));
    } else if (typeof value === "number") {
      if (given === null || given === "" || !Number.isFinite(Number(given))) return;
      model.set("value", Number(given));
    } else if (/^(Naive)?Date/.test(typeOf(model))) {
      const date = given === null ? null : new Date(given);
      if (date === null) {
        model.set("value", null);
        model.save_changes();
        return;
      }
      if (Number.isNaN(date.getTime())) return;
      model.set("value", date);
    } else if (Array.isArray(value)) {
      if (!Array.isArray(given)) return;
      model.set("value", given.map((one, place) => (typeof value[place] === "number" ? Number(one) : one)));
    } else {
      model.set("value", String(given));
    }
    model.save_changes();
  };
  // Puts values into controls; gives those back that no control was there for.
  const fill = async (values) => {
    const named = await controls();
    for (const [name, value] of Object.entries(values)) {
      const model = named.get(name);
      if (model && JSON.stringify(valueOf(model)) !== JSON.stringify(value)) put(model, value);
    }
    return Object.fromEntries(Object.entries(values).filter(([name]) => !named.has(name)));
  };

  // Pointing: a pane over the page takes the pointer, so that nothing under it is used while it is pointed at.
  let pointing = null;
  const point = async () => {
    const views = await shown();
    if (pointing || views.length === 0) return;
    const byElement = new Map(views.map((view) => [view.el, view]));
    const places = views.filter(({ model }) => model.get("description") !== undefined || valueOf(model) !== undefined);
    const pane = document.createElement("div");
    const mark = document.createElement("div");
    const name = document.createElement("div");
    pane.id = "microapps-pointing";
    Object.assign(pane.style, { position: "fixed", inset: "0", zIndex: "10001", cursor: "crosshair" });
    Object.assign(mark.style, { position: "fixed", outline: "3px solid #1a73e8", borderRadius: "4px", boxSizing: "border-box",
      background: "rgb(26 115 232 / .15)", pointerEvents: "none" });
    Object.assign(name.style, { position: "absolute", left: "0", bottom: "100%", padding: ".1rem .5rem", whiteSpace: "nowrap",
      background: "#1a73e8", color: "#fff", font: ".8rem/1.5 system-ui, sans-serif", borderRadius: "4px 4px 0 0" });
    pane.append(mark);
    mark.append(name);
    name.setAttribute("role", "status");
    let chosen = null;
    const at = (x, y) => {
      for (let node = document.elementsFromPoint(x, y).find((el) => !pane.contains(el)); node; node = node.parentElement) {
        if (byElement.has(node)) return byElement.get(node);
      }
      return null;
    };
    const show = (view) => {
      chosen = view;
      mark.hidden = !view;
      if (!view) return;
      const box = view.el.getBoundingClientRect();
      Object.assign(mark.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` });
      name.textContent = [labelOf(view), typeOf(view.model)].filter(Boolean).join(" · ");
    };
    const end = (view) => {
      stop();
      const { id: model = "" } = view ?? {};
      say("pointed", { model, label: view ? labelOf(view) : "", type: view ? typeOf(view.model) : "" });
    };
    const press = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === "Escape") end(null);
      else if (event.key === "Enter" && chosen) end(chosen);
      else if (["Tab", "ArrowDown", "ArrowUp"].includes(event.key) && places.length > 0) {
        const back = event.shiftKey || event.key === "ArrowUp";
        const next = places.indexOf(chosen) + (back ? -1 : 1);
        show(places[(next + places.length) % places.length]);
        chosen.el.scrollIntoView({ block: "nearest" });
        show(chosen);
      }
    };
    const stop = () => {
      window.removeEventListener("keydown", press, true);
      pane.remove();
      pointing = null;
    };
    pane.addEventListener("pointermove", (event) => show(at(event.clientX, event.clientY)));
    pane.addEventListener("pointerdown", (event) => show(at(event.clientX, event.clientY)));
    pane.addEventListener("click", (event) => {
      const view = at(event.clientX, event.clientY);
      if (view) end(view);
    });
    window.addEventListener("keydown", press, true);
    document.body.append(pane);
    show(null);
    window.focus();
    pointing = stop;
  };

  // Light and dark: what is for dark pages only is marked data-theme="dark" and switched by its media query.
  const preferred = window.matchMedia("(prefers-color-scheme: dark)");
  let told = null;
  const paint = () => {
    const dark = told ?? preferred.matches;
    const media = told === null ? `screen and ${preferred.media}` : dark ? "screen" : "not all"; // print is light
    for (const part of document.querySelectorAll("link[data-theme=dark], style[data-theme=dark]")) part.media = media;
    document.body.dataset.jpThemeLight = String(!dark);
    document.body.dataset.jpThemeName = dark ? "JupyterLab Dark" : "JupyterLab Light";
    document.body.classList.toggle("theme-dark", dark);
    document.body.classList.toggle("theme-light", !dark);
  };
  preferred.addEventListener("change", paint);

  // The height of the page, told when it has changed and at most once a frame.
  let height = 0;
  const measure = () => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    const main = document.getElementById("app") ?? document.body;
    const { paddingTop, paddingBottom } = getComputedStyle(main);
    const content = main.getBoundingClientRect().height - parseFloat(paddingTop) - parseFloat(paddingBottom);
    say("height", { height, content: Math.ceil(content) });
  };
  const measuring = new ResizeObserver(() => requestAnimationFrame(measure));

  window.addEventListener("message", (event) => {
    const { data } = event;
    if (event.source !== window.parent || data?.microapps !== 1) return;
    if (data.kind === "theme") { told = data.dark === true; paint(); }
    else if (data.kind === "values") tellValues();
    else if (data.kind === "fill" && data.values instanceof Object) fill(data.values).then(tellValues);
    else if (data.kind === "point" && data.on === true) point();
    else if (data.kind === "point") pointing?.();
  });

  // What the page's policy kept from running is missing from the page, so the page says so, once.
  const kept = (event) => {
    if (!/^(script|worker)-src/.test(event.effectiveDirective)) return false;
    document.removeEventListener("securitypolicyviolation", kept);
    const bar = document.createElement("div");
    const shut = document.createElement("button");
    bar.id = "microapps-blocked";
    bar.setAttribute("role", "status");
    const own = event.originalPolicy.includes("'unsafe-eval'"); // the app's own may run: this is of another site
    bar.textContent = own
      ? "A script from another site was not loaded here, so a part of this page may be missing. Its owner sees the details. "
      : "A part of this page does not work: it needs a permission that the app does not have. Its owner sees the details. ";
    Object.assign(bar.style, { margin: "0 0 1rem", padding: ".5rem 1rem", borderRadius: "6px",
      textAlign: "center", background: "#5c3c00", color: "#fff", font: "1rem/1.4 system-ui, sans-serif" });
    Object.assign(shut.style, { font: "inherit", color: "inherit", background: "none", border: "1px solid", borderRadius: "4px" });
    shut.textContent = "Close";
    shut.addEventListener("click", () => bar.remove());
    bar.append(shut);
    document.body.prepend(bar);
    return true;
  };
  // The thin page has written down what was kept from running before this was there.
  if (!(window.microappsBlocked || []).some(kept)) document.addEventListener("securitypolicyviolation", kept);

  // The frame around the page shows no other page: one that a form or a link led to would take the place of the app, and
  // be empty. So it stays, and the page says so ("microapps-stays", with the link's address; null for a form).
  const stay = (event, address) => {
    if (event.defaultPrevented || window.origin !== "null") return;
    event.preventDefault();
    if (address !== "") window.dispatchEvent(new CustomEvent("microapps-stays", { detail: address }));
  };
  const isHere = (address, saved) => /^\s*(#|javascript:)/i.test(address) || (saved && /^\s*(data|blob):/i.test(address));
  window.addEventListener("submit", (event) => {
    const by = event.submitter?.getAttribute("formmethod") ?? event.target.getAttribute("method");
    if (by?.toLowerCase() !== "dialog") stay(event, null);
  });
  // Whoever opens a link in another tab or window, with one of these keys, has seen where it leads.
  window.addEventListener("click", (event) => {
    const path = event.composedPath().filter((one) => one instanceof Element);
    const link = path.find((one) => one.matches("a, area"));
    const own = !path.some((one) => one.localName === "main"); // of a notice
    if (!link || own || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "#";
    if (!isHere(address, link.hasAttribute("download"))) stay(event, address);
  });
  paint();
  measuring.observe(document.body);
  window.microapps = Object.freeze({
    fill,
    tell: (kind) => say(kind, {}),
    again: async () => say("again", { values: await current() }),
    attach: (given) => { widgets = given; say("ready", {}); },
  });
})();
