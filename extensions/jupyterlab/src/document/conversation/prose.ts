/**
 * What a model says, as blocks to draw: paragraphs, lists, headings and code, with bold, emphasis and code inside.
 *
 * Only these few marks are known. Everything else, links and HTML included, stays the text it is, so nothing the model
 * writes can become anything but words on the page; and a half-written text draws the same as it does when it is whole.
 */

export interface ISpan {
  style: 'plain' | 'strong' | 'emphasis' | 'code';
  text: string;
}

export type Block =
  | { kind: 'paragraph' | 'heading'; spans: ISpan[] }
  | { kind: 'list'; ordered: boolean; items: ISpan[][] }
  | { kind: 'code'; text: string };

const FENCE = /^\s*(```|~~~)/;
const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBERED = /^\s*\d{1,3}[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;

/** The blocks of a text. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  let code: string[] | null = null;
  const close = () => {
    if (paragraph.length) {
      found.push({ kind: 'paragraph', spans: spans(paragraph.join('\n')) });
      paragraph = [];
    }
  };
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) {
      close();
      if (code) {
        found.push({ kind: 'code', text: code.join('\n') });
        code = null;
      } else {
        code = [];
      }
    } else if (code) {
      code.push(line);
    } else if (!line.trim()) {
      close();
    } else {
      const heading = HEADING.exec(line);
      const item = BULLET.exec(line) ?? NUMBERED.exec(line);
      if (heading) {
        close();
        found.push({ kind: 'heading', spans: spans(heading[1]) });
      } else if (item) {
        close();
        listed(found, NUMBERED.test(line), spans(item[1]));
      } else {
        paragraph.push(line);
      }
    }
  }
  close();
  if (code) {
    found.push({ kind: 'code', text: code.join('\n') });
  }
  return found;
}

function listed(found: Block[], ordered: boolean, item: ISpan[]): void {
  const last = found[found.length - 1];
  if (last?.kind === 'list' && last.ordered === ordered) {
    last.items.push(item);
  } else {
    found.push({ kind: 'list', ordered, items: [item] });
  }
}

const MARKS = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*/g;

/** The pieces of a line, each in one style. */
export function spans(text: string): ISpan[] {
  const found: ISpan[] = [];
  let at = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > at) {
      found.push({ style: 'plain', text: text.slice(at, match.index) });
    }
    if (match[1] !== undefined) {
      found.push({ style: 'code', text: match[1] });
    } else if (match[2] !== undefined) {
      found.push({ style: 'strong', text: match[2] });
    } else {
      found.push({ style: 'emphasis', text: match[3] });
    }
    at = match.index + match[0].length;
  }
  if (at < text.length) {
    found.push({ style: 'plain', text: text.slice(at) });
  }
  return found;
}
