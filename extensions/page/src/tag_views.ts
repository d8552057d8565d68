/** Widgets for several numbers: as the library's, which takes the beginning of what is no number, as 3 of 3,5. */

import { FloatsInputView as LibraryFloatsInputView, IntsInputView as LibraryIntsInputView } from '@jupyter-widgets/controls';

export class FloatsInputView extends LibraryFloatsInputView {
  override validateValue(value: string): unknown {
    return super.validateValue(number(value));
  }
}

export class IntsInputView extends LibraryIntsInputView {
  override validateValue(value: string): unknown {
    return super.validateValue(number(value));
  }
}

function number(value: string): string {
  if (Number.isNaN(Number(value))) {
    throw new Error(`${value} is no number`);
  }
  return value;
}
