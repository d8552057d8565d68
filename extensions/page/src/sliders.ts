/**
 * Sliders that tell the app what a person sets, and nothing else, and that a keyboard takes to their ends. The library's
 * say whatever their steps make of a value as soon as they are drawn, and whenever the app sets one (4.999999999999999
 * for 5, 0.3 for 0.25 in steps of 0.1), as if somebody had moved them. The number beside one is taken when it is left,
 * too, is on a step, and is read as it is shown: of 2,500 the library takes the 2.
 */

import {
  FloatLogSliderView as LibraryLogView,
  FloatRangeSliderView as LibraryFloatRangeView,
  FloatSliderView as LibraryFloatView,
  IntRangeSliderView as LibraryIntRangeView,
  IntSliderView as LibraryIntView,
} from '@jupyter-widgets/controls';
import type { JSONObject } from '@lumino/coreutils';
import { plain, taken } from './readouts';
import { onStep } from './sliding';

/** Digits of which the last is not yet one of rounding. */
const DIGITS = 12;

type Slid = (values: number[], handle: number) => void;
interface Track extends HTMLElement {
  noUiSlider: {
    on(event: string, heard: Slid): void;
    off(event: string): void;
    options: { range: { min: number; max: number } };
    setHandle(handle: number, value: number, fire: boolean, exact: boolean): void;
    get(): number | number[];
  };
}
interface Library {
  $slider: Track;
  model: { attributes: JSONObject };
  readout: HTMLElement;
  update(options?: unknown): void;
  createSlider(): void;
  handleTextChange(): void;
  stringToValue(text: string | null): unknown;
  handleKeyDown(): void;
  handleSliderUpdateEvent(values: number[], handle: number): void;
  handleSliderChangeEvent(values: number[], handle: number): void;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type View = new (...parameters: any[]) => Library;

function moved<T extends View>(view: T): T {
  const { createSlider, handleSliderUpdateEvent } = view.prototype as Library;
  class Moved extends view {
    override createSlider(): void {
      createSlider.call(this);
      const { noUiSlider } = this.$slider;
      noUiSlider.off('update');
      noUiSlider.on('slide', (values, handle) => handleSliderUpdateEvent.call(this, values, handle));
      this.$slider.addEventListener('keydown', event => this.toAnEnd(event), true);
      this.readout.onchange = () => {
        this.handleTextChange();
        taken(this.readout);
      };
    }

    /** What is written in the readout when the slider is set otherwise is there no more. */
    override update(options?: unknown): void {
      super.update(options);
      taken(this.readout);
    }

    override stringToValue(text: string | null): unknown {
      const value = super.stringToValue(plain(text ?? ''));
      const state = this.model.attributes;
      if ('base' in state) {
        return onPower(value as number, state);
      }
      return Array.isArray(value) ? value.map(each => onStep(each, state)) : value === null ? value : onStep(value as number, state);
    }

    override handleKeyDown(): void {
      // That a number is entered is told as a change.
    }

    /** Home and End go to the ends there are now: the library's go to those there were when the slider was made. */
    private toAnEnd(event: KeyboardEvent): void {
      const handle = Number((event.target as HTMLElement).dataset.handle ?? NaN);
      if ((event.key === 'Home' || event.key === 'End') && handle >= 0 && !this.$slider.hasAttribute('disabled')) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const { noUiSlider } = this.$slider;
        const { min, max } = noUiSlider.options.range;
        noUiSlider.setHandle(handle, event.key === 'End' ? max : min, true, false);
        const values = [noUiSlider.get()].flat();
        handleSliderUpdateEvent.call(this, values, handle);
        this.handleSliderChangeEvent(values, handle);
      }
    }

    override handleSliderUpdateEvent(): void {
      // What the slider says of itself while it is made.
    }
  }
  return Moved;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** A value whose exponent is on one of the slider's steps: its steps, and its ends, are of that. */
function onPower(value: number, state: JSONObject): number {
  const base = Number(state.base);
  const exponent = Math.log(value) / Math.log(base);
  const stepped = onStep(exponent, state);
  return value > 0 && stepped !== exponent ? base ** stepped : value;
}

class RoundedFloatView extends LibraryFloatView {
  override _validate_slide_value(value: number): number {
    return rounded(value);
  }
}

class RoundedFloatRangeView extends LibraryFloatRangeView {
  override _validate_slide_value(value: number): number {
    return rounded(value);
  }
}

export const IntSliderView = moved(LibraryIntView as unknown as View);
export const IntRangeSliderView = moved(LibraryIntRangeView as unknown as View);
export const FloatSliderView = moved(RoundedFloatView as unknown as View);
export const FloatRangeSliderView = moved(RoundedFloatRangeView as unknown as View);
export const FloatLogSliderView = moved(LibraryLogView as unknown as View);
