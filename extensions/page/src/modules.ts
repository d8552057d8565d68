/** The widget libraries that this page can show: the core's, Output, and anywidget. */

import * as base from '@jupyter-widgets/base';
import * as controls from '@jupyter-widgets/controls';
import * as anywidget from './anywidget';
import * as markup from './markup_views';
import * as moments from './moment_views';
import * as output from './output_widget';
import * as players from './play_models';
import * as sliders from './sliders';
import * as tags from './tag_views';
import './tooltips';

const LIBRARIES: Readonly<Record<string, object>> = {
  '@jupyter-widgets/base': base,
  '@jupyter-widgets/controls': { ...controls, ...markup, ...moments, ...players, ...sliders, ...tags },
  '@jupyter-widgets/output': output,
  anywidget,
};

type Class = typeof base.WidgetModel | typeof base.WidgetView;

/** A widget of a library that is not in this page. */
export class UnknownModule extends Error {
  constructor(readonly module: string) {
    super(`This page has no widget library ${module}.`);
  }
}

/** A class of a widget library.
 *
 * @throws UnknownModule when the page cannot show widgets of that library.
 */
export function widgetClass(name: string, module: string): Class {
  const library = LIBRARIES[module] as Record<string, unknown> | undefined;
  const found = library?.[name] as Class | undefined;
  if (!found) {
    throw new UnknownModule(module);
  }
  return found;
}
