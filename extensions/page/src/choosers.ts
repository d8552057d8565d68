/** File choosers that are open while a fresh process takes the place of a lost one: what is chosen goes to its widgets. */

import type { WidgetModel } from '@jupyter-widgets/base';
import { kindOf } from './kinds';
import type { PageManager } from './manager';

/** Look at the choosers of a page whose widgets are about to be made anew; what is given leads each to its heir. */
export async function openChoosers(manager: PageManager): Promise<() => void> {
  const before: [string, HTMLInputElement][] = [];
  for (const id of manager.models) {
    const chooser = await chooserOf(manager, id);
    if (chooser) {
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
  const heir = await chooserOf(manager, id);
  if (heir) {
    heir.files = files;
    heir.dispatchEvent(new Event('change'));
  }
}

/** The field of a widget for files, which is in no page; null for other widgets, and for one that is not shown. */
async function chooserOf(manager: PageManager, id: string): Promise<HTMLInputElement | null> {
  const model: WidgetModel | null = manager.has_model(id) ? await manager.get_model(id) : null;
  const [view] = model && kindOf(model) === 'FileUpload' ? await Promise.all(Object.values(model.views ?? {})) : [];
  return (view as { fileInput?: HTMLInputElement } | undefined)?.fileInput ?? null;
}
