/**
 * Where a document is shown: in JupyterLab's main area. A page of Notebook 7 shows one thing: there it is a tab beside
 * the files, and any other page opens the page of the files for it, which its address tells what to show.
 */

import { LabShell, LayoutRestorer, type ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { TabPanel, type Widget } from '@lumino/widgets';

import { CommandIDs } from '../tokens';
import { words } from '../words';

/** What the page's address may say: an app's name, or the job that makes one. */
const ASKED = ['name', 'job', 'group'] as const;
const PREFIX = 'microapps-';

export type Wanted = Partial<Record<(typeof ASKED)[number], string>>;

/** Pixels of a window below which a document has no room beside a sidebar: a phone's, or a tablet's held upright. */
const NARROW = 760;

/** Show it in front; in a page of Notebook 7, beside the files. A narrow window is the document's alone. */
export function show(app: JupyterFrontEnd, widget: Widget): void {
  const tabs = tabsOf(app);
  if (!widget.isAttached) {
    if (tabs) {
      tabs.addWidget(widget);
    } else {
      app.shell.add(widget, 'main');
    }
  }
  if (tabs) {
    tabs.currentWidget = widget;
  } else {
    app.shell.activateById(widget.id);
    makeRoom(app);
  }
}

/** Whether the window has no room for two things side by side. */
export function narrow(): boolean {
  return window.innerWidth < NARROW;
}

/** In a narrow window the sidebars go: what was opened has all of it. */
export function makeRoom(app: JupyterFrontEnd): void {
  if (app.shell instanceof LabShell && narrow()) {
    app.shell.collapseLeft();
    app.shell.collapseRight();
  }
}

/** A document has another name: its place is kept under that now, and not only when something is moved the next time. */
export function keepPlace(app: JupyterFrontEnd, restorer: ILayoutRestorer | null): void {
  const { shell } = app;
  if (shell instanceof LabShell && restorer instanceof LayoutRestorer) {
    void app.restored.then(() => restorer.save(shell.saveLayout()));
  }
}

/** Whether this page has no room for a document; then the page that has is opened for it. */
export function sentElsewhere(app: JupyterFrontEnd, wanted: Wanted): boolean {
  if (app.shell instanceof LabShell || tabsOf(app)) {
    return false;
  }
  const query = Object.fromEntries(
    ASKED.flatMap(name => (wanted[name] ? [[PREFIX + name, wanted[name]]] : []))
  );
  const address = URLExt.join(PageConfig.getBaseUrl(), 'tree') + URLExt.objectToQueryString(query);
  if (!window.open(address, '_blank')) {
    const trans = words();
    Notification.info(trans.__('The studio has a page of its own.'), {
      autoClose: false,
      actions: [{ label: trans.__('Open it'), callback: () => void window.open(address, '_blank') }]
    });
  }
  return true;
}

/** Show what the page's address asks for, in a page of Notebook 7. */
export function followQuery(app: JupyterFrontEnd): void {
  if (app.shell instanceof LabShell) {
    return;
  }
  const query = new URLSearchParams(window.location.search);
  const wanted = Object.fromEntries(
    ASKED.flatMap(name => (query.get(PREFIX + name) ? [[name, query.get(PREFIX + name)]] : []))
  );
  if (Object.keys(wanted).length) {
    const command = 'group' in wanted ? CommandIDs.variants : CommandIDs.open;
    void app.restored.then(() => app.commands.execute(command, wanted));
  }
}

/** A document that the page's address asks for as `was` is `now` another app or job: a reload shows that. */
export function renameQuery(was: Wanted, now: Wanted): void {
  const address = new URL(window.location.href);
  const query = address.searchParams;
  const asked = ASKED.find(name => query.get(PREFIX + name));
  if (!asked || query.get(PREFIX + asked) !== was[asked]) {
    return;
  }
  query.delete(PREFIX + asked);
  for (const name of ASKED) {
    if (now[name]) {
      query.set(PREFIX + name, now[name]);
    }
  }
  window.history.replaceState(window.history.state, '', address);
}

/** The tabs of the page of the files in Notebook 7. */
function tabsOf(app: JupyterFrontEnd): TabPanel | null {
  if (app.shell instanceof LabShell) {
    return null;
  }
  const [first] = app.shell.widgets('main');
  return first instanceof TabPanel ? first : null;
}
