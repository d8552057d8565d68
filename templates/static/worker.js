/** The app: Python in a worker of the browser. What the page says comes as messages, and so goes what it is told. */

import { loadPyodide } from './pyodide/pyodide.mjs';

const early = [];
let hear = frame => early.push(frame);
let begin;
const turn = new Promise(resolve => (begin = resolve));
self.onmessage = ({ data }) => (data?.turn ? begin() : hear(data));

function said(frame) {
  if (typeof frame === 'string') {
    self.postMessage(frame);
    return;
  }
  const bytes = frame.toJs();
  frame.destroy();
  const copy = bytes.slice().buffer;
  self.postMessage(copy, [copy]);
}

/**
 * Of the tabs that show an app which keeps something, one at a time runs it: each has all that is kept in memory and
 * writes all of it, so that of two the later would undo what the other kept. The next begins where this one ended.
 * Over plain HTTP a browser has no locks: there the pages see to it among themselves (`socket.js`).
 */
async function alone(app) {
  if (app.keeps && !navigator.locks) {
    self.postMessage({ asks: app.folder });
    await turn;
  } else if (app.keeps) {
    const late = setTimeout(() => self.postMessage({ waiting: true }), 500);
    await new Promise((have, fail) => {
      const held = () => new Promise(() => have()); // until this worker ends
      navigator.locks.request(`microapps ${app.folder}`, held).catch(fail);
    });
    clearTimeout(late);
    self.postMessage({ waiting: false });
  }
  return app;
}

/** What the app keeps is in the browser's own storage; where there is none, it is gone with the page. */
async function storage(pyodide, folder) {
  pyodide.FS.mkdirTree(folder);
  try {
    pyodide.FS.mount(pyodide.FS.filesystems.IDBFS, {}, folder);
    await new Promise((done, fail) => pyodide.FS.syncfs(true, error => (error ? fail(error) : done())));
  } catch (error) {
    console.warn('This browser keeps nothing for the app.', error);
    return () => undefined;
  }
  let writing = false;
  let again = false;
  return function keep() {
    if (writing) {
      again = true;
      return;
    }
    writing = true;
    pyodide.FS.syncfs(false, error => {
      writing = false;
      if (error) {
        console.warn('What the app keeps could not be written.', error);
      }
      if (again) {
        again = false;
        keep();
      }
    });
  };
}

async function main() {
  const at = name => new URL(name, import.meta.url).href;
  const [pyodide, app, packages] = await Promise.all([
    loadPyodide({ indexURL: at('./pyodide/') }),
    fetch(at('./app.json'))
      .then(answer => answer.json())
      .then(alone),
    fetch(at('./packages.zip')).then(answer => answer.arrayBuffer()),
  ]);
  pyodide.unpackArchive(packages, 'zip', { extractDir: '/packages' });
  const keep = app.keeps ? await storage(pyodide, app.folder) : () => pyodide.FS.mkdirTree(app.folder);
  keep();
  if (app.wheels.length) {
    await pyodide.loadPackage(app.wheels, { messageCallback: () => undefined });
  }
  pyodide.globals.set('_folder', app.folder);
  pyodide.runPython(`
import os, sys
sys.path.insert(0, "/packages")
os.environ["MICROAPPS_DATA"] = _folder
os.environ["HOME"] = _folder
os.chdir(_folder)
del _folder
`);
  const { Engine } = pyodide.pyimport('microapps.publish.lite.engine');
  const engine = Engine(said);
  const why = await engine.start(JSON.stringify(app.cells), JSON.stringify(app.widgets));
  if (why) {
    throw new Error(why);
  }
  hear = frame => {
    engine.hear(typeof frame === 'string' ? frame : pyodide.toPy(new Uint8Array(frame)).tobytes());
    keep();
  };
  early.splice(0).forEach(hear);
}

main().catch(error => {
  console.error(error);
  self.postMessage({ failed: String(error.message ?? error).split('\n').pop() || 'The app could not be started.' });
});
