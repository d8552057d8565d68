/** Sliders of one handle, from left to right, in a drawn page: as the library's, which `sliders.ts` has changed. */

import type { JSONObject } from '@lumino/coreutils';

/** The part of a slider's state that takes to move it. */
interface Range {
  min: number;
  max: number;
  step: number;
  format: string;
}

/** Steps of a large step. */
const LARGE = 5;
/** Digits of which the last is not yet one of rounding. */
const DIGITS = 12;
/** The formats of d3 that are written here; the site knows the same (`microapps/publish/thin/cover.py`). */
const FORMAT = /^(,?)(?:\.(\d))?([df%])$/;
const TYPES = ['pointermove', 'pointerup', 'pointercancel'];
const MINUS = '\u2212';

/** The model of a slider. */
export const SLIDER = /^(?:Int|Float)SliderModel$/;

/** What a slider is set to by a pointer at this place of its track, in CSS pixels. */
export function pointed(track: Element, x: number, state: JSONObject): number {
  const { min, max } = range(state);
  const { left, width } = (track.querySelector('.noUi-base') ?? track).getBoundingClientRect();
  return stepped(min + (max - min) * (width > 0 ? (x - left) / width : 0), state);
}

/**
 * Follow the pointer from where it goes down on a slider's track until it goes up. A handle that is taken hold of beside
 * its middle is moved from there on, and one that is not moved is not set.
 *
 * @param move - Hears where the middle of the handle is meant to be, and whether it stays there.
 */
export function follow(down: PointerEvent, track: Element, move: (x: number, rests: boolean) => void): void {
  const handle = track.querySelector<HTMLElement>('.noUi-handle');
  const held = handle?.contains(down.target as Element) ? handle.getBoundingClientRect() : null;
  const beside = held ? down.clientX - (held.left + held.width / 2) : 0;
  let moved = held === null;
  const listen = (event: Event) => {
    const { pointerId, clientX, type } = event as PointerEvent;
    if (pointerId !== down.pointerId) {
      return;
    }
    const rests = type !== 'pointermove';
    moved ||= clientX !== down.clientX;
    if (moved) {
      move(clientX - beside, rests);
    }
    if (rests) {
      TYPES.forEach(each => removeEventListener(each, listen, true));
    }
  };
  TYPES.forEach(each => addEventListener(each, listen, true));
  if (moved) {
    move(down.clientX, false);
  }
  handle?.focus({ preventScroll: true });
}

/** What a slider is set to by a key; undefined where the key is none of its. */
export function keyed(key: string, value: number, state: JSONObject): number | undefined {
  const { min, max, step } = range(state);
  const steps: { [key: string]: number } = {
    ArrowLeft: -1,
    ArrowDown: -1,
    PageDown: -LARGE,
    ArrowRight: 1,
    ArrowUp: 1,
    PageUp: LARGE,
  };
  if (key === 'Home' || key === 'End') {
    return stepped(key === 'End' ? max : min, state);
  }
  return key in steps ? stepped(value + steps[key] * step, state) : undefined;
}

/** Draw a slider at a value. */
export function slideTo(drawn: Element, value: number, state: JSONObject): void {
  const { min, max, format } = range(state);
  const share = max > min ? Math.min(Math.max(((value - min) / (max - min)) * 100, 0), 100) : 0;
  const handle = drawn.querySelector('.noUi-handle');
  handle?.setAttribute('aria-valuenow', String(value));
  handle?.setAttribute('aria-valuetext', String(value));
  const origin = drawn.querySelector<HTMLElement>('.noUi-origin');
  const readout = drawn.querySelector('.widget-readout');
  if (origin && readout) {
    origin.style.transform = `translate(${(share - 100) * 10}%, 0px)`;
    readout.textContent = written(value, format);
  }
}

/** A value on one of the slider's steps, within its ends. */
function stepped(value: number, state: JSONObject): number {
  const { min, max, step } = range(state);
  const near = Math.min(Math.max(min + Math.round((value - min) / step) * step, min), max);
  return Number.isInteger(near) ? near : Number(near.toPrecision(DIGITS));
}

function range({ min, max, step, readout_format }: JSONObject): Range {
  return { min: Number(min), max: Number(max), step: Number(step), format: String(readout_format) };
}

/** A number by a format of d3. */
function written(value: number, format: string): string {
  const [, comma, digits = '6', kind] = FORMAT.exec(format) ?? [];
  const places = kind === 'd' ? 0 : Number(digits);
  const size = Math.abs(value) * (kind === '%' ? 100 : 1);
  const said = size.toLocaleString('en-US', {
    useGrouping: comma === ',',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  const nothing = /^[0.,]*$/.test(said); // no minus before what is rounded to zero
  return `${value < 0 && !nothing ? MINUS : ''}${said}${kind === '%' ? '%' : ''}`;
}
