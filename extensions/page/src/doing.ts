/** What a person does to a drawn page that is more than to set a field. */

/** Something done to the drawn page: the event, and where. */
export interface Done {
  type: 'click' | 'pointerdown' | 'keydown';
  target: Element;
  key: string;
  x: number;
  y: number;
}

/** The kinds of events of which some are such. */
export const DOING = ['click', 'pointerdown', 'keydown'] as const;

const SLIDES = '.noUi-target, .lm-TabBar-tab';
const PRESSES = 'button, .jupyter-widget-Collapse-header';
const HANDLE = '.noUi-handle';
const ENTERED = 'input:not([type=number])';
/** What an event does, if it does something to a part of the page that will live. */
export function doing(event: Event): Done | null {
  const target = event.target as Element;
  if (!target.closest?.('[data-living]')) {
    return null;
  }
  const { key = '', clientX: x = 0, clientY: y = 0, isComposing, keyCode } = event as MouseEvent & KeyboardEvent;
  if (event.type === 'keydown') {
    const composes = isComposing || keyCode === 229; // The key is the input method's: Safari says it by the code only.
    const acts = target.matches(HANDLE) || (key === 'Enter' && target.matches(ENTERED));
    return acts && !composes ? { type: 'keydown', target, key, x, y } : null;
  }
  const on = target.closest(event.type === 'click' ? PRESSES : SLIDES);
  return on && { type: event.type as Done['type'], target: on, key, x, y };
}
