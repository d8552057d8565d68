/** A sentence in place of a widget whose view cannot be made, and in its layout. */

import { DOMWidgetView } from '@jupyter-widgets/base';
import { NOT_SHOWN, note } from './outputs';

export class FailedView extends DOMWidgetView {
  override render(): void {
    super.render();
    note(this.el, NOT_SHOWN);
  }
}
