/** Where somebody was in a page of an app, to be found again in another page of it. */

import { isWritten, type Selection, selection } from './hands';
import { isEdited, isReadout, writeIn } from './readouts';

/** Where somebody was in the page, and what was in the field there. */
export interface Left {
  /** Which of all the fields and buttons of the page, and of which kind: in another process widgets have other names. */
  index: number;
  kind: string;
  /** Null for what is not written in. */
  text: string | null;
  selection: Selection;
}

const ALL = 'input, textarea, select, button, [contenteditable], [tabindex]';

/** What somebody was doing, where the focus is or in a field that had it; null where that is none. */
export function left(field: Element | null = document.activeElement): Left | null {
  if (!(field instanceof HTMLElement) || !field.closest('[data-living]')) {
    return null;
  }
  return { index: fields().indexOf(field), kind: kindOf(field), text: textOf(field), selection: selection(field) };
}

/** The field that somebody was in, in another page of the same app. */
export function fieldOf({ index, kind }: Left): HTMLElement | null {
  const field = fields()[index];
  return field && kindOf(field) === kind ? field : null;
}

/** Put into a field what was written in it; whether it was not there already. */
export function putBack(field: Element, text: string | null): boolean {
  if (text === null) {
    return false;
  }
  if (isReadout(field)) {
    writeIn(field, text);
    return true;
  }
  const news = isWritten(field) && field.value !== text;
  if (news) {
    field.value = text;
  }
  return news;
}

/** All fields and buttons of the page. */
export function fields(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-living]')].flatMap(part => [...part.querySelectorAll<HTMLElement>(ALL)]);
}

function kindOf(field: HTMLElement): string {
  return field instanceof HTMLInputElement ? `input ${field.type}` : field.localName;
}

/** What is written in a field, unless it is secret: this may be kept in the name of the window. */
export function textOf(field: Element): string | null {
  if (isReadout(field)) {
    return isEdited(field) ? field.textContent : null;
  }
  return isWritten(field) && field.type !== 'password' ? field.value : null;
}
