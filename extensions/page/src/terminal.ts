/**
 * What a program printed, as elements: colours of a terminal become classes (`ansi-red`, `ansi-bold`), and a carriage
 * return or a backspace overwrites what stood there, as progress bars expect.
 */

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// eslint-disable-next-line no-control-regex
const SEQUENCE = /\u001b\[([0-9;]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
const LONGEST_CODES = 40;

/** The text as it stands after its carriage returns and backspaces. Colours are left where they are. */
export function settled(text: string): string {
  return /[\r\b]/.test(text) ? text.split('\n').map(overwritten).join('\n') : text;
}

/** Each character is put into its place and looked at there once: an app may print many that move back. */
function overwritten(line: string): string {
  const places: string[] = [];
  let at = 0;
  for (const character of line) {
    if (character === '\r') {
      at = 0;
    } else {
      places[at++] = character;
    }
  }
  const shown: string[] = [];
  for (const character of places) {
    if (character === '\b') {
      shown.pop();
    } else {
      shown.push(character);
    }
  }
  return shown.join('');
}

function after(codes: string, before: readonly string[]): string[] {
  let classes = [...before];
  const numbers = codes.slice(0, LONGEST_CODES).split(';').map(Number);
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i];
    if (code === 0) {
      classes = [];
    } else if (code === 1) {
      classes = [...classes.filter(name => name !== 'ansi-bold'), 'ansi-bold'];
    } else if (code === 22) {
      classes = classes.filter(name => name !== 'ansi-bold');
    } else if (code === 38 || code === 48) {
      i += numbers[i + 1] === 5 ? 2 : 4; // 256 and true colours are left out
    } else if (code === 39) {
      classes = classes.filter(name => name === 'ansi-bold');
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      classes = [...classes.filter(name => name === 'ansi-bold'), `ansi-${COLOURS[code % 10]}`];
    }
  }
  return classes;
}

/** The text as nodes to put into a `pre`. */
export function printed(text: string): DocumentFragment {
  const made = document.createDocumentFragment();
  const shown = settled(text);
  let classes: string[] = [];
  let start = 0;
  const put = (end: number) => {
    const part = shown.slice(start, end);
    if (part && classes.length) {
      const span = document.createElement('span');
      span.className = classes.join(' ');
      span.textContent = part;
      made.append(span);
    } else if (part) {
      made.append(part);
    }
  };
  for (const match of shown.matchAll(SEQUENCE)) {
    put(match.index);
    start = match.index + match[0].length;
    if (match[2] === 'm') {
      classes = after(match[1], classes);
    }
  }
  put(shown.length);
  return made;
}
