/** A sentence in place of a widget whose view cannot be made, and in its layout. */

import { DOMWidgetView } from '@jupyter-widgets/base';
import { note } from './outputs';

export class FailedView extends DOMWidgetView {
  override render(): void {
    super.render();
    note(this.el, 'This part of the app could not be shown. Its owner finds the reason in the browser’s console.');
  }
}
