/** The icons as files of JSON, one for each letter that names begin with: name → [width, height, path]. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder's name and the content of each file; `require` finds the package. */
export function iconFiles(require) {
  const folder = dirname(require.resolve('@fortawesome/fontawesome-free/package.json'));
  const families = JSON.parse(readFileSync(join(folder, 'metadata/icon-families.json'), 'utf8'));
  const drawings = new Map();
  for (const [name, { aliases, svgs }] of Object.entries(families)) {
    const drawing = svgs.classic?.solid ?? svgs.classic?.regular;
    for (const alias of drawing ? [name, ...(aliases?.names ?? [])] : []) {
      drawings.set(alias, shape(drawing));
    }
  }
  for (const [name, { prefix, to }] of Object.entries(shims(join(folder, 'metadata/shims.yml')))) {
    const found = families[to ?? name]?.svgs.classic;
    const drawing = prefix === 'far' ? (found?.regular ?? found?.solid) : found?.solid;
    if (drawing) {
      drawings.set(name, shape(drawing)); // the name that the icon had in version 4, which widgets still use
    }
  }
  const letters = {};
  for (const [name, drawing] of [...drawings].sort()) {
    const letter = /^[a-z]/.test(name) ? name[0] : '0';
    (letters[letter] ??= {})[name] = drawing;
  }
  const files = Object.entries(letters).map(([letter, icons]) => [`${letter}.json`, Buffer.from(JSON.stringify(icons))]);
  const hash = createHash('sha256');
  files.forEach(([name, contents]) => hash.update(name).update(contents));
  files.push(['LICENSE.txt', readFileSync(join(folder, 'LICENSE.txt'))]);
  return { folder: `icons-${hash.digest('hex').slice(0, 8)}`, files };
}

/** The icons that the core widgets use by themselves; `src/icons.ts` has the same list. */
const BUILT_IN = ['caret-down', 'caret-right', 'check', 'pause', 'play', 'retweet', 'stop', 'times', 'upload'];

/** Style rules for the icons that every page has. */
export function builtInRules(require) {
  const drawings = Object.assign({}, ...iconFiles(require).files.slice(0, -1).map(([, contents]) => JSON.parse(contents)));
  return BUILT_IN.map(name => {
    const [width, height, path] = drawings[name];
    const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}'><path d='${path}'/></svg>`;
    const em = (width / height).toFixed(3);
    return `.fa-${name}{--icon:url("data:image/svg+xml,${encodeURIComponent(svg)}");--icon-width:${em}em}`;
  }).join('\n');
}

function shape({ width, height, path }) {
  return [width, height, Array.isArray(path) ? path.join('') : path];
}

/** The package's table of older names. It is YAML of one form only. */
function shims(path) {
  const found = {};
  let current = '';
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const head = /^['"]?([\w-]+)['"]?:$/.exec(line);
    const field = /^ {2}(prefix|name): ['"]?([\w-]+)['"]?$/.exec(line);
    if (head) {
      current = head[1];
      found[current] = {};
    } else if (field) {
      found[current][field[1] === 'name' ? 'to' : 'prefix'] = field[2];
    }
  }
  return found;
}
