/**
 * Icons by their Font Awesome names (`Button(icon="check")`). The few that the core widgets use are in the page's style;
 * another one is fetched when a widget names it, from a file of those that begin with the same letter.
 */

const BUILT_IN = ['caret-down', 'caret-right', 'check', 'pause', 'play', 'retweet', 'stop', 'times', 'upload'];
/** Classes that say how an icon is drawn, and not which. */
const MANNERS = /^fa-(?:fw|lg|xs|sm|\d+x|spin|pulse|border|inverse|rotate-\d+|flip-\w+|solid|regular|brands)$/;

/** Width, height and path of an icon. */
type Drawing = [number, number, string];

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const asked = new Set<string>();
const files = new Map<string, Promise<Record<string, Drawing>>>();

/** Fetch the icons that elements in the page name, from now on. `address` is of the folder of icons. */
export function watchIcons(address: string, drawn: Iterable<string>): void {
  for (const name of [...BUILT_IN, ...drawn]) {
    asked.add(name);
  }
  const look = (node: Node) => {
    if (node instanceof Element) {
      for (const icon of node.matches('i.fa') ? [node] : node.querySelectorAll('i.fa')) {
        need(icon, address);
      }
    }
  };
  new MutationObserver(records => {
    for (const record of records) {
      record.type === 'attributes' ? look(record.target) : record.addedNodes.forEach(look);
    }
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['class'] });
  look(document.body);
}

function need(icon: Element, address: string): void {
  for (const name of icon.classList) {
    const wanted = name.slice(3);
    if (name.startsWith('fa-') && !MANNERS.test(name) && !asked.has(wanted)) {
      asked.add(wanted);
      void draw(wanted, address);
    }
  }
}

async function draw(name: string, address: string): Promise<void> {
  const letter = /^[a-z]/.test(name) ? name[0] : '0';
  if (!files.has(letter)) {
    files.set(letter, fetch(`${address}${letter}.json`).then(answer => (answer.ok ? answer.json() : {})));
  }
  const drawings: Record<string, Drawing> = (await files.get(letter)?.catch(() => null)) ?? {};
  const drawing = drawings[name];
  if (drawing) {
    sheet.insertRule(rule(name, drawing));
  }
}

/** The rule that draws one icon; `microapps/publish/thin/icons.py` writes the same. */
function rule(name: string, [width, height, path]: Drawing): string {
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}'><path d='${path}'/></svg>`;
  const em = (width / height).toFixed(3);
  return `.fa-${CSS.escape(name)}{--icon:url("data:image/svg+xml,${encodeURIComponent(svg)}");--icon-width:${em}em}`;
}
