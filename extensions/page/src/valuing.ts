/** What a screen reader says of a slider's handle: what is written beside it, where the library says its place. */

import { kindOf } from './kinds';
import { MARK, type PageManager } from './manager';

const PLACED = ['SelectionSlider', 'SelectionRangeSlider', 'FloatLogSlider'];

/** Say the value of a handle as it is written beside its slider, where that is another than the handle's own. */
export async function sayValue(handle: Element, manager: PageManager): Promise<void> {
  const root = handle.closest<HTMLElement>(`[data-${MARK}]`);
  const id = root?.dataset[MARK] ?? '';
  const model = manager.has_model(id) ? await manager.get_model(id) : null;
  if (!root || !model || !PLACED.includes(kindOf(model))) {
    return;
  }
  const offered = model.get('_options_labels') as string[] | undefined;
  const place = Math.round(Number(handle.getAttribute('aria-valuenow')));
  const said = offered ? offered[place] : root.querySelector('.widget-readout')?.textContent;
  if (said && handle.getAttribute('aria-valuetext') !== said) {
    handle.setAttribute('aria-valuetext', said);
  }
}
