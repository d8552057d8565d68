/** Widgets that show markup: as the library's, without what would lead the page elsewhere by itself. */

import { DescriptionView, HTMLMathView as LibraryHTMLMathView, HTMLView as LibraryHTMLView } from '@jupyter-widgets/controls';
import { put } from './lifeless';

export class HTMLView extends LibraryHTMLView {
  override update(): void {
    put(this.content, String(this.model.get('value')));
    DescriptionView.prototype.update.call(this);
  }
}

export class HTMLMathView extends LibraryHTMLMathView {
  override update(): void {
    put(this.content, String(this.model.get('value')));
    this.typeset(this.content);
    DescriptionView.prototype.update.call(this);
  }
}
