/** Sliders of one handle or two, from left to right, in a drawn page: as the library's, which `sliders.ts` has changed. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { plain, taken } from './readouts';

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
export const SLIDER = /^(?:Int|Float)(?:Range)?SliderModel$/;

/** What a slider is set to: a number, or one for each of its two handles. */
export type Value = number | number[];

/**
 * Follow the pointer from where it goes down on a slider's track until it goes up. A handle that is taken hold of beside
 * its middle is moved from there on, and one that is not moved is not set. What is between two handles moves both; the
 * pointer beside them brings the nearer one to it.
 *
 * @param move - Hears what the slider is set to by that, and whether it stays there.
 */
export function follow(down: PointerEvent, track: Element, state: JSONObject, move: (value: Value, rests: boolean) => void): void {
  const target = down.target as Element;
  const values = ends(state.value);
  const handles = [...track.querySelectorAll<HTMLElement>('.noUi-handle')];
  const between = target.closest('.noUi-draggable') !== null;
  const held = handles.findIndex(each => each.contains(target));
  const taken = held < 0 ? nearest(values, pointed(track, down.clientX, state)) : held;
  const { left, width } = handles[taken].getBoundingClientRect();
  const beside = held < 0 ? 0 : down.clientX - (left + width / 2);
  const to = (x: number) => {
    const value = pointed(track, x - beside, state);
    return between ? shifted(values, value - pointed(track, down.clientX, state), state) : moved(values, taken, value, state);
  };
  let moves = held < 0 && !between;
  const listen = (event: Event) => {
    const { pointerId, clientX, type } = event as PointerEvent;
    if (pointerId !== down.pointerId) {
      return;
    }
    const rests = type !== 'pointermove';
    moves ||= clientX !== down.clientX;
    if (moves) {
      move(to(clientX), rests);
    }
    if (rests) {
      TYPES.forEach(each => removeEventListener(each, listen, true));
    }
  };
  TYPES.forEach(each => addEventListener(each, listen, true));
  if (moves) {
    move(to(down.clientX), false);
  }
  handles[taken].focus({ preventScroll: true });
}

/** What a slider is set to by a key on one of its handles; undefined where the key is none of its. */
export function keyed({ key, target }: KeyboardEvent, track: Element, state: JSONObject): Value | undefined {
  const { min, max, step } = range(state);
  const steps: { [key: string]: number } = {
    ArrowLeft: -1,
    ArrowDown: -1,
    PageDown: -LARGE,
    ArrowRight: 1,
    ArrowUp: 1,
    PageUp: LARGE,
  };
  const values = ends(state.value);
  const handle = [...track.querySelectorAll('.noUi-handle')].indexOf(target as Element);
  if (!(handle in values)) {
    return undefined;
  }
  if (key === 'Home' || key === 'End') {
    return moved(values, handle, key === 'End' ? max : min, state);
  }
  return key in steps ? moved(values, handle, values[handle] + steps[key] * step, state) : undefined;
}

/** What a slider is set to by what is written beside it, as in the living page; null where that is no number. */
export function read(text: string, whole: boolean, state: JSONObject): Value | null {
  const { min, max } = range(state);
  const digits = whole ? '\\d+' : '(?:\\d*\\.?\\d+|\\d+\\.)(?:e[+-]?\\d+)?';
  const two = new RegExp(`^\\s*([+-]?${digits})\\s*[-:–]\\s*([+-]?${digits})`, 'i');
  const said = plain(text);
  const parts = ends(state.value).length > 1 ? (two.exec(said) ?? []).slice(1) : [said];
  const values = parts.map(part => (whole ? parseInt(part, 10) : parseFloat(part)));
  if (values.length === 0 || values.some(Number.isNaN) || values[0] > values[1]) {
    return null;
  }
  const [low, high] = values.map(value => onStep(Math.min(Math.max(value, min), max), state));
  return high === undefined ? low : [low, high];
}

/** Draw a slider at a value. */
export function slideTo(drawn: Element, value: JSONValue, state: JSONObject): void {
  const { min, max, format } = range(state);
  const values = ends(value);
  const shares = values.map(each => (max > min ? Math.min(Math.max(((each - min) / (max - min)) * 100, 0), 100) : 0));
  const origins = drawn.querySelectorAll<HTMLElement>('.noUi-origin');
  const between = drawn.querySelector<HTMLElement>('.noUi-connect');
  const readout = drawn.querySelector<HTMLElement>('.widget-readout');
  if (origins.length !== values.length || !readout) {
    return;
  }
  origins.forEach((origin, number) => {
    origin.style.transform = `translate(${(shares[number] - 100) * 10}%, 0px)`;
    const handle = origin.querySelector('.noUi-handle');
    ['aria-valuenow', 'aria-valuetext'].forEach(name => handle?.setAttribute(name, String(values[number])));
  });
  if (between) {
    between.style.transform = `translate(${shares[0]}%, 0px) scale(${(shares[1] - shares[0]) / 100}, 1)`;
  }
  readout.textContent = values.map(each => written(each, format)).join(' – ');
  taken(readout);
}

function ends(value: JSONValue): number[] {
  return [value].flat().map(Number);
}

/** The value at this place of a track, in CSS pixels; it may be beyond the ends. */
function pointed(track: Element, x: number, state: JSONObject): number {
  const { min, max } = range(state);
  const { left, width } = (track.querySelector('.noUi-base') ?? track).getBoundingClientRect();
  return min + (max - min) * (width > 0 ? (x - left) / width : 0);
}

/** The handle that is nearest to a value; of two at one place the one that can go there. */
function nearest(values: readonly number[], to: number): number {
  const far = values.map(value => Math.abs(value - to));
  return far.length > 1 && (far[1] < far[0] || (far[1] === far[0] && to > values[1])) ? 1 : 0;
}

/** With one of the handles elsewhere: it does not go beyond the other. */
function moved(values: readonly number[], handle: number, to: number, state: JSONObject): Value {
  const near = Math.min(Math.max(stepped(to, state), values[handle - 1] ?? -Infinity), values[handle + 1] ?? Infinity);
  return values.length > 1 ? values.map((value, number) => (number === handle ? near : value)) : near;
}

/** Both handles elsewhere, as far from each other as before. */
function shifted([low, high]: readonly number[], by: number, state: JSONObject): Value {
  const to = Math.min(stepped(low + by, state), range(state).max - (high - low));
  return [rounded(to), rounded(to + (high - low))];
}

/** A value on one of the slider's steps, or at one of its ends. */
export function onStep(value: number, state: JSONObject): number {
  const { min, max, step } = range(state);
  return value > min && value < max && step > 0 ? stepped(value, state) : value;
}

/** A value on one of the slider's steps, within its ends. */
function stepped(value: number, state: JSONObject): number {
  const { min, max, step } = range(state);
  const near = Math.min(Math.max(min + Math.round((value - min) / step) * step, min), max);
  return rounded(near);
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
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
