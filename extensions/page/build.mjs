/**
 * Builds the page's client: what a browser loads, each file under a name that changes with its content, compressed
 * beforehand, and `manifest.json`, which says what is what. `microapps/publish/thin/statics.py` serves it.
 */

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { fontFiles } from './font.mjs';
import { builtInRules, iconFiles } from './icons.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../../microapps/publish/static');
const require = createRequire(import.meta.url);
const SMALLEST = 1000; // bytes; what is smaller gains nothing by compression

/** The parts of the widget library's dependencies that the page has no use for are left out. */
const slim = {
  name: 'slim',
  setup(bundle) {
    bundle.onResolve({ filter: /^@lumino\/widgets$/ }, () => ({ path: join(here, 'src/vendor/lumino_widgets.js') }));
    bundle.onResolve({ filter: /^sanitize-html$/ }, () => ({ path: join(here, 'src/vendor/no_sanitizer.ts') }));
    bundle.onResolve({ filter: /^jquery$/ }, () => ({ path: require.resolve('jquery/dist/jquery.slim.js') }));
  },
};
/** Style sheets that are not taken as they are: one that a script puts into the page by itself, and that of the icons. */
const styleText = {
  name: 'style-text',
  setup(bundle) {
    bundle.onLoad({ filter: /Temml-Local\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'text',
    }));
    bundle.onLoad({ filter: /voila\/notice\.css$/ }, async ({ path }) => ({ contents: await readFile(path, 'utf8'), loader: 'text' }));
    bundle.onLoad({ filter: /style\/icons\.css$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n${builtInRules(require)}`,
      loader: 'css',
    }));
  },
};
const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [slim, styleText],
  outdir: target,
  metafile: true,
  write: false,
  legalComments: 'linked',
  logLevel: 'warning',
};

/** @type {Map<string, Uint8Array>} */
const files = new Map();
const manifest = {};

const font = await fontFiles(require);
/** What the page loads only when it needs it, by name: files of their own. */
const PARTS = ['tex', 'markdown', 'unfilled', 'korean', 'staying', 'naming', 'beside'];
const parts = await build({
  ...common,
  entryPoints: Object.fromEntries(PARTS.map(name => [name, join(here, `src/${name}.ts`)])),
  format: 'esm',
  entryNames: '[name]-[hash]',
  legalComments: 'none',
  define: { ...common.define, FONT: JSON.stringify(font.name) },
});
const named = Object.entries(parts.metafile.outputs).map(([path, { entryPoint }]) => {
  const file = relative(target, join(process.cwd(), path));
  return [/(\w+)\.ts$/.exec(entryPoint)[1], file];
});
/** One file, so that a page which is handed its text needs no other. */
const page = await build({
  ...common,
  entryPoints: { page: join(here, 'src/index.ts') },
  format: 'esm',
  entryNames: '[name]-[hash]',
  loader: { '.svg': 'dataurl' },
  define: { ...common.define, PARTS: JSON.stringify(Object.fromEntries(named)) },
});
/** What is within a page itself: before the client is there, in the frame around it, and where there is no client. */
const within = await build({
  ...common,
  entryPoints: Object.fromEntries(['early', 'cover', 'exported'].map(name => [name, join(here, `src/${name}.ts`)])),
  entryNames: '[name]-[hash]',
  format: 'iife',
  legalComments: 'none',
  define: { ...common.define, FONT_ITSELF: JSON.stringify(`data:font/woff2;base64,${font.files[0][1].toString('base64')}`) },
});
for (const { path, contents } of [...parts.outputFiles, ...page.outputFiles, ...within.outputFiles]) {
  files.set(relative(target, path), contents);
}
for (const [path, { entryPoint }] of Object.entries(page.metafile.outputs)) {
  const name = relative(target, join(process.cwd(), path));
  if (entryPoint?.endsWith('src/index.ts')) {
    manifest.script = name;
  } else if (/^page-\w+\.css$/.test(name)) {
    manifest.style = name;
  }
}
/** What is within pages is never served as a file of its own. */
const inPages = new Set();
for (const { path } of within.outputFiles) {
  const name = relative(target, path);
  inPages.add(name);
  manifest[/^(\w+)-/.exec(name)[1]] = name;
}
const icons = iconFiles(require);
manifest.icons = `${icons.folder}/`;
for (const [name, contents] of icons.files) {
  files.set(`${icons.folder}/${name}`, contents);
}
for (const [name, contents] of font.files) {
  files.set(name, contents);
}
console.log(`${font.name}: ${font.files[0][1].length} bytes`);
if (!manifest.script || !manifest.style) {
  throw new Error('The build has no script or no style.');
}
files.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));

await rm(target, { recursive: true, force: true });
let sizes = 0;
for (const [name, contents] of files) {
  const path = join(target, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
  if (!inPages.has(name) && contents.length >= SMALLEST && /\.(?:js|css|json)$/.test(name) && name !== 'manifest.json') {
    const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } });
    await writeFile(`${path}.br`, brotli);
    await writeFile(`${path}.gz`, gzipSync(contents, { level: 9 }));
    if (!name.startsWith(icons.folder)) {
      console.log(`${name}: ${contents.length} bytes, ${brotli.length} compressed`);
    }
    sizes += brotli.length;
  }
}
console.log(`${files.size} files, ${sizes} bytes compressed`);

/** Python for browsers, which apps that are exported as a folder take along (`microapps/publish/lite/`). */
const PYTHON = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json'];
await mkdir(join(target, 'pyodide'));
for (const name of PYTHON) {
  await copyFile(join(dirname(require.resolve('pyodide')), name), join(target, 'pyodide', name));
}
