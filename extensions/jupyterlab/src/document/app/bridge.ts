/**
 * The messages between the studio and the page of an app in its frame.
 *
 * The page runs code that a model wrote, so whatever comes from it is hostile data: a message counts only when it comes
 * from the very window of the frame, has one of the known shapes and keeps to the lengths below; it is shown as text
 * and never obeyed. What is sent says nothing but what the page knew already.
 */

/** A value that a person typed into a control, as the page told it. */
export type TypedValue = string | number | boolean | null | (string | number)[];

export type FromPage =
  | { kind: 'ready' }
  | { kind: 'gone' }
  | { kind: 'height'; height: number }
  | { kind: 'error'; error: string; traceback: string; inputs: Inputs }
  | { kind: 'pointed'; model: string; label: string; type: string }
  | { kind: 'values'; values: Inputs };

export type ToPage =
  | { kind: 'point'; on: boolean }
  | { kind: 'values' }
  | { kind: 'fill'; values: Inputs }
  | { kind: 'theme'; dark: boolean };

/** What was typed, by the control's label. */
export type Inputs = Readonly<Record<string, TypedValue>>;

const LONGEST = {
  error: 2_000,
  traceback: 20_000,
  label: 200,
  type: 100,
  text: 10_000
};
const MOST_CONTROLS = 200;
const MOST_OPTIONS = 200;
const TALLEST = 50_000;
const MODEL = /^[\w-]{0,64}$/;
// What no label needs: controls, and the marks that turn the direction of text around.
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A message as the page may send it, or null for anything else. */
export function received(data: unknown): FromPage | null {
  if (!isRecord(data) || data.microapps !== 1) {
    return null;
  }
  switch (data.kind) {
    case 'ready':
    case 'gone':
      return { kind: data.kind };
    case 'height':
      return typeof data.height === 'number' &&
        data.height >= 0 &&
        data.height <= TALLEST
        ? { kind: 'height', height: data.height }
        : null;
    case 'error': {
      // The page says that a callback failed; what failed, the server tells.
      const error = text(data.error ?? '', LONGEST.error);
      const traceback = text(data.traceback ?? '', LONGEST.traceback);
      const inputs = data.inputs === undefined ? {} : typed(data.inputs);
      return error === null || traceback === null || inputs === null
        ? null
        : { kind: 'error', error, traceback, inputs };
    }
    case 'pointed': {
      const label = text(data.label, LONGEST.label);
      const type = text(data.type, LONGEST.type);
      return typeof data.model === 'string' &&
        MODEL.test(data.model) &&
        label !== null &&
        type !== null
        ? { kind: 'pointed', model: data.model, label: label.trim(), type }
        : null;
    }
    case 'values': {
      const values = typed(data.values);
      return values === null ? null : { kind: 'values', values };
    }
    default:
      return null;
  }
}

/** A message for the page. */
export function sent(message: ToPage): ToPage & { microapps: 1 } {
  return { microapps: 1, ...message };
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** The text without anything that steers a display, cut to its length; null if it is none. */
function text(value: unknown, longest: number): string | null {
  return typeof value === 'string'
    ? value.slice(0, longest).replace(OBEYED, '')
    : null;
}

function typed(data: unknown): Inputs | null {
  if (!isRecord(data)) {
    return null;
  }
  const entries: [string, TypedValue][] = [];
  for (const [label, value] of Object.entries(data).slice(0, MOST_CONTROLS)) {
    const kept = plain(value);
    if (kept !== undefined) {
      entries.push([label.slice(0, LONGEST.label).replace(OBEYED, ''), kept]);
    }
  }
  return Object.fromEntries(entries);
}

function plain(value: unknown): TypedValue | undefined {
  if (typeof value === 'string') {
    return text(value, LONGEST.text) ?? undefined;
  }
  if (value === null || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : undefined;
  }
  if (Array.isArray(value) && value.length <= MOST_OPTIONS) {
    const items = value.map(item => (Array.isArray(item) ? undefined : plain(item)));
    return items.every(
      item => typeof item === 'string' || typeof item === 'number'
    )
      ? (items as (string | number)[])
      : undefined;
  }
  return undefined;
}
