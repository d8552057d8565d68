/**
 * The Output widget. The visitor's process keeps its outputs; the page is told of each as it comes, and sends none back.
 */

import { DOMWidgetModel, DOMWidgetView, type WidgetView } from '@jupyter-widgets/base';
import { filled, together } from './filling';
import { OutputList } from './output_list';
import type { Context } from './outputs';
import type { Clear, Output, ShownOutput } from './protocol';

const VERSION = '1.0.0';
const MODULE = '@jupyter-widgets/output';

export class OutputModel extends DOMWidgetModel {
  private clearing = false;

  override defaults() {
    return {
      ...super.defaults(),
      _model_name: 'OutputModel',
      _view_name: 'OutputView',
      _model_module: MODULE,
      _view_module: MODULE,
      _model_module_version: VERSION,
      _view_module_version: VERSION,
      msg_id: '',
      outputs: [] as Output[],
    };
  }

  /** Show one more output, or empty it. */
  fill(message: ShownOutput | Clear): void {
    const { outputs, clearing } = filled({ outputs: this.get('outputs') as Output[], clearing: this.clearing }, message);
    this.clearing = clearing;
    this.set_state({ outputs });
  }

  /** Replace the outputs that carry this id. */
  replace(id: string, output: Output): void {
    const outputs = this.get('outputs') as Output[];
    if (outputs.some(shown => shown.metadata?.display_id === id)) {
      const named = { ...output, metadata: { ...output.metadata, display_id: id } };
      this.set_state({ outputs: outputs.map(shown => (shown.metadata?.display_id === id ? named : shown)) });
    }
  }
}

export class OutputView extends DOMWidgetView {
  private list: OutputList | null = null;

  override initialize(parameters: WidgetView.IInitializeParameters): void {
    super.initialize(parameters);
    this.luminoWidget.addClass('jupyter-widgets');
    this.luminoWidget.addClass('widget-output');
  }

  override render(): void {
    super.render();
    this.list = new OutputList(this.el, (this.model.widget_manager as unknown as { context: Context }).context);
    this.listenTo(this.model, 'change:outputs', this.show);
    this.show();
  }

  private show(): void {
    this.list?.show(together(this.model.get('outputs') as Output[]));
  }

  override remove(): this {
    this.list?.show([]);
    return super.remove() as this;
  }
}
