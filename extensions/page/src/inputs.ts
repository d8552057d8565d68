/** The inputs of the page by the labels a person reads: what is in them, and setting it. */

import type { WidgetModel } from '@jupyter-widgets/base';
import { type Form, folded, formOf, kindOf } from './kinds';
import { textOf } from './left';
import { MARK, type PageManager } from './manager';

const LONGEST_LABEL = 80;

/** An input with its label. */
export interface Input {
  model: WidgetModel;
  element: HTMLElement;
  label: string;
  /** By what it is known in another page of this app: its label, or where it is among all that are called so. */
  key: string;
  form: Form;
}

function plain(value: unknown): string {
  if (typeof value !== 'string') {
    return '';
  }
  const text = new DOMParser().parseFromString(value, 'text/html').body.textContent ?? '';
  const line = text.replaceAll('\u200b', '').split(/\s+/).join(' ').trim();
  return line.length <= LONGEST_LABEL ? line : '';
}

/** What a widget is called: its description, the label beside it, its placeholder or its tooltip. */
export function labelOf(model: WidgetModel, element: Element | null): string {
  const beside = element?.previousElementSibling;
  const named = beside?.matches('.widget-label, .widget-html') ? (beside.textContent ?? '') : '';
  const given = [model.get('description'), named, model.get('placeholder'), model.get('tooltip')];
  return given.map(plain).find(Boolean) ?? '';
}

/** All inputs that are shown, in the order of the page. */
export async function inputs(manager: PageManager): Promise<Input[]> {
  const found: Input[] = [];
  const met = new Set<string>();
  for (const element of document.querySelectorAll<HTMLElement>(`[data-${MARK}]`)) {
    const id = element.dataset[MARK] ?? '';
    if (!met.has(id) && manager.has_model(id)) {
      met.add(id);
      const model = await manager.get_model(id);
      const form = formOf(model);
      if (form) {
        const label = labelOf(model, element);
        found.push({ model, element, label, key: label, form });
      }
    }
  }
  for (const input of found) {
    const alike = found.filter(each => each.label === input.label && (each.label || kindOf(each.model) === kindOf(input.model)));
    if (!input.label || alike.length > 1) {
      input.key = `#${input.label || kindOf(input.model)} ${alike.indexOf(input) + 1}/${alike.length}`;
    }
  }
  return found;
}

/** What is in those inputs that are asked for, by key. */
export async function values(manager: PageManager, asked: (input: Input) => boolean): Promise<Record<string, string>> {
  const all = await inputs(manager);
  return Object.fromEntries(all.filter(asked).map(({ key, model, form }) => [key, form.write(model)]));
}

/** What is being written in an input and has not been entered, by key. */
export async function writing(manager: PageManager): Promise<Record<string, string>> {
  const field = document.activeElement;
  const text = field && textOf(field);
  const input = text !== null && (await inputs(manager)).find(({ element }) => element.contains(field));
  return input ? { [input.key]: text } : {};
}

/**
 * What could not be set: what it was to be called, and the control of that name, if there is one and it can be used; and
 * what a number beyond that control's limits has become.
 */
export interface Missed {
  asked: string;
  text: string;
  control: { kind: string; open: boolean } | null;
  became?: number;
}

/** What a label may have at its end that nobody writes into an address: `Bill ($)`, `Width (cm)`. */
const UNIT = /\s*[([（][^()[\]（）]*[)\]）]\s*$/;

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}

/** Set inputs by their keys or labels, as if they had been typed; the labels of those that were set, and what was not. */
export async function fill(
  manager: PageManager,
  wanted: Readonly<Record<string, unknown>>
): Promise<{ done: Map<string, string>; missed: Missed[] }> {
  const all = await inputs(manager);
  const done = new Map<string, string>();
  const missed: Missed[] = [];
  for (const [asked, value] of Object.entries(wanted)) {
    const input =
      all.find(({ key, label }) => key === asked || label === asked) ??
      all.find(({ label }) => folded(label) === folded(asked)) ??
      only(all.filter(({ label }) => folded(label.replace(UNIT, '')) === folded(asked)));
    const text = typeof value === 'string' ? value : typeof value === 'object' ? null : String(value);
    const open = !input?.model.get('disabled');
    const traits = input && text !== null && open ? input.form.read(text, input.model) : null;
    if (input && traits) {
      input.model.set(traits);
      input.model.save_changes();
      done.set(asked, input.label);
      if (typeof traits.value === 'number' && traits.value !== Number(text)) {
        missed.push({ asked, text: text ?? '', control: { kind: kindOf(input.model), open }, became: traits.value });
      }
    } else {
      missed.push({ asked, text: text ?? '', control: input ? { kind: kindOf(input.model), open } : null });
    }
  }
  return { done, missed };
}

/** A widget as it is told to who frames the page: what it is called, and its class. */
export function describe(model: WidgetModel, element: Element | null): { label: string; type: string } {
  return { label: labelOf(model, element), type: kindOf(model) };
}
