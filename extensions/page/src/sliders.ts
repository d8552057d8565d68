/**
 * Sliders of floats that say the number a person sees. The library's give what their steps add up to (4.999999999999999
 * for 5), and tell the app so as soon as they are drawn, as if somebody had moved them.
 */

import { FloatRangeSliderView as LibraryRangeView, FloatSliderView as LibraryView } from '@jupyter-widgets/controls';

/** Digits of which the last is not yet one of rounding. */
const DIGITS = 12;

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

export class FloatSliderView extends LibraryView {
  override _validate_slide_value(value: number): number {
    return rounded(value);
  }
}

export class FloatRangeSliderView extends LibraryRangeView {
  override _validate_slide_value(value: number): number {
    return rounded(value);
  }
}
