/**
 * A unified diff as lines with their sign and numbers, so that a reader sees what was added and removed without colour.
 */

export type Sign = '+' | '-' | ' ';

export interface IDiffLine {
  sign: Sign;
  text: string;
  /** Line number before, for kept and removed lines. */
  old: number | null;
  /** Line number after, for kept and added lines. */
  new: number | null;
}

export interface IHunk {
  lines: IDiffLine[];
}

export interface IDiff {
  hunks: IHunk[];
  added: number;
  removed: number;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** A unified diff of one file, as Python's difflib writes it. Text before the first hunk is its heading. */
export function parseDiff(diff: string): IDiff {
  const result: IDiff = { hunks: [], added: 0, removed: 0 };
  let hunk: IHunk | null = null;
  let old = 0;
  let now = 0;
  for (const line of diff ? diff.split('\n') : []) {
    const header = HUNK.exec(line);
    if (header) {
      hunk = { lines: [] };
      result.hunks.push(hunk);
      old = Number(header[1]);
      now = Number(header[2]);
      continue;
    }
    if (!hunk || line.startsWith('\\')) {
      continue;
    }
    const text = line.slice(1);
    if (line.startsWith('+')) {
      hunk.lines.push({ sign: '+', text, old: null, new: now++ });
      result.added++;
    } else if (line.startsWith('-')) {
      hunk.lines.push({ sign: '-', text, old: old++, new: null });
      result.removed++;
    } else {
      hunk.lines.push({ sign: ' ', text, old: old++, new: now++ });
    }
  }
  return result;
}
