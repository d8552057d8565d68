/** File choosers that are open while a fresh process takes the place of a lost one: what is chosen goes to its widgets. */

import type { WidgetModel } from '@jupyter-widgets/base';
import { kindOf } from './kinds';
import type { PageManager } from './manager';

/** Look at the choosers of a page whose widgets are about to be made anew; what is given leads each to its heir. */
export async function openChoosers(manager: PageManager): Promise<() => void> {
  const before: [string, HTMLInputElement][] = [];
  for (const id of manager.models) {
    for (const chooser of await choosersOf(manager, id)) {
      before.push([id, chooser]);
    }
  }
  return () => {
    for (const [id, chooser] of before) {
      chooser.addEventListener('change', event => void hand(event, manager, id), true);
    }
  };
}

async function hand(event: Event, manager: PageManager, id: string): Promise<void> {
  event.stopImmediatePropagation();
  const { files } = event.target as HTMLInputElement;
  const [heir] = await choosersOf(manager, id);
  if (heir) {
    heir.files = files;
    heir.dispatchEvent(new Event('change'));
  }
}

/** The fields of a widget for files, one for each time it is shown, which are in no page; none for other widgets. */
async function choosersOf(manager: PageManager, id: string): Promise<HTMLInputElement[]> {
  const model: WidgetModel | null = manager.has_model(id) ? await manager.get_model(id) : null;
  const views = model && kindOf(model) === 'FileUpload' ? await Promise.allSettled(Object.values(model.views ?? {})) : [];
  const shown = views.flatMap(view => (view.status === 'fulfilled' ? [view.value as { fileInput?: HTMLInputElement }] : []));
  return shown.flatMap(({ fileInput }) => fileInput ?? []);
}
