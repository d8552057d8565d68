/**
 * The boxes for tags of a drawn page take some before the widget library is there to do it: as that does, a click into one
 * leads to its field, and what is entered in that, by the Enter key or by leaving it, becomes a tag.
 */

import { composes } from './doing';

const BOX = '[data-living] .jupyter-widget-tagsinput';

/** What a box takes, as `microapps/publish/thin/choices.py` writes it. */
interface Takes {
  kind: 'text' | 'color' | 'float' | 'int';
  tags: unknown[];
  /** The only tags that it takes; none for any. */
  allowed: readonly unknown[];
  /** Whether it takes one that is there already. */
  again: boolean;
  /** The least and the greatest number that it takes. */
  min: number | null;
  max: number | null;
  /** The class of a tag's look. */
  manner: string;
}

/** Whether it is the field of such a box, in which a tag is written. */
export function isTagField(target: unknown): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.matches('.jupyter-widget-taginput');
}

/** Lead who clicks into a box to its field. */
export function leadToTagField({ target }: Event): void {
  (target as Element).closest?.(BOX)?.querySelector<HTMLElement>('.jupyter-widget-taginput')?.focus();
}

/** Tell of Enter as a change, where the browser does not: what the cover handed over was not typed into this very field. */
export function tellTagEntered(event: KeyboardEvent): void {
  const { key, target } = event;
  if (key === 'Enter' && !composes(event) && isTagField(target)) {
    const { value } = target;
    setTimeout(() => value && target.value === value && target.dispatchEvent(new Event('change', { bubbles: true })));
  }
}

/** Make a tag of what is entered in the field of a drawn box; false where there is none, or the box does not take it. */
export function entersTag(field: Element): boolean {
  const { takes } = (field as HTMLElement).dataset;
  if (!takes || !isTagField(field) || !field.closest(BOX)) {
    return false;
  }
  const box = JSON.parse(takes) as Takes;
  const tag = read(field.value.trim(), box);
  if (tag === null || (box.allowed.length > 0 && !box.allowed.includes(tag)) || (!box.again && box.tags.includes(tag))) {
    return false;
  }
  field.dataset.takes = JSON.stringify({ ...box, tags: [...box.tags, tag] });
  field.parentElement?.before(drawn(String(tag), box));
  field.value = '';
  return true;
}

/** What is written, as the value that it is; null for what is none. */
function read(written: string, { kind, min, max }: Takes): string | number | null {
  if (kind === 'text' || kind === 'color') {
    return written && (kind === 'text' || CSS.supports('color', written)) ? written : null;
  }
  const number = kind === 'int' ? Math.trunc(Number(written)) : Number(written);
  return written && !Number.isNaN(number) && number >= (min ?? -Infinity) && number <= (max ?? Infinity) ? number : null;
}

function drawn(said: string, { kind, manner }: Takes): HTMLElement {
  const tag = document.createElement('div');
  const cross = document.createElement('i');
  tag.className = `jupyter-widget-tag ${kind === 'color' ? 'jupyter-widget-colortag' : manner}`;
  if (kind === 'color') {
    tag.style.backgroundColor = said;
  }
  cross.className = 'fa fa-times jupyter-widget-tag-close';
  tag.append(kind === 'color' ? '' : said, cross);
  return tag;
}
