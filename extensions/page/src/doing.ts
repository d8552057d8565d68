/** What a person does to a drawn page. */

import { type Chosen, chosen } from './places';

/** Something done to the drawn page: the event, and where; `field` is what was put into one. */
export interface Done {
  type: 'click' | 'pointerdown' | 'keydown' | 'input';
  target: Element;
  key: string;
  x: number;
  y: number;
  field?: Written;
}

/** What is in a field. */
export interface Written {
  value: string;
  checked: boolean;
  options: Chosen[];
  /** Whether it was entered as a tag, and is none of what the field holds any more. */
  isTag: boolean;
}

/** The kinds of events of which some are such. */
export const DOING = ['click', 'pointerdown', 'keydown'] as const;

const SLIDES = '.noUi-target, .lm-TabBar-tab';
const PRESSES = 'button, .jupyter-widget-Collapse-header';
const HANDLE = '.noUi-handle';
/** Not where a tag is written: what becomes of that is told as a change. */
const ENTERED = 'input:not([type=number], .jupyter-widget-taginput)';

/** That something was put into a field of the part that will live; null for what is none, and for files. */
export function wrote(target: Element): Done | null {
  const list = target instanceof HTMLSelectElement;
  const input = target instanceof HTMLInputElement && target.type !== 'file';
  if (!target.closest('[data-living]') || !(list || input || target instanceof HTMLTextAreaElement)) {
    return null;
  }
  const options = list ? chosen(target) : [];
  const field = { value: target.value, checked: input && target.checked, options, isTag: false };
  return { type: 'input', target, key: '', x: 0, y: 0, field };
}

/** What an event does, if it does something to a part of the page that will live. */
export function doing(event: Event): Done | null {
  const target = event.target as Element;
  if (!target.closest?.('[data-living]')) {
    return null;
  }
  const { key = '', clientX: x = 0, clientY: y = 0 } = event as MouseEvent & KeyboardEvent;
  if (event.type === 'keydown') {
    const acts = target.matches(HANDLE) || (key === 'Enter' && target.matches(ENTERED));
    return acts && !composes(event as KeyboardEvent) ? { type: 'keydown', target, key, x, y } : null;
  }
  const on = target.closest(event.type === 'click' ? PRESSES : SLIDES);
  return on && { type: event.type as 'click' | 'pointerdown', target: on, key, x, y };
}

/** Whether a key is the input method's: Safari says it by the code only. */
export function composes({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
