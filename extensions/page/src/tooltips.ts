/** Tooltips of widgets that have no description (pictures, boxes): the library's views of them are not made at all. */

import { DOMWidgetView } from '@jupyter-widgets/base';

DOMWidgetView.prototype.updateTooltip = function (this: DOMWidgetView): void {
  const title = this.model.get('tooltip') as string | null;
  if (!title) {
    this.el.removeAttribute('title');
  } else if (!this.model.get('description')) {
    this.el.setAttribute('title', title);
  }
};
