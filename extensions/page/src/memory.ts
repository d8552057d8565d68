/**
 * What a person has set on this page, to set it again in a fresh process when theirs was lost.
 */

import type { WidgetModel } from '@jupyter-widgets/base';
import type { JSONObject } from '@lumino/coreutils';
import { labelOf } from './inputs';
import { kindOf } from './kinds';
import { MARK, type PageManager } from './manager';

const TRAITS = ['value', 'index', 'playing'];
const UPLOAD = 'FileUpload';
/** Seconds within which so many lost processes mean that what was set is the cause, where nobody did anything between. */
const WINDOW = 60;
const TOO_OFTEN = 3;

export class Memory {
  private set = new Map<string, JSONObject>();
  /** What was chosen in lists, in words: another process may offer something else, or in another order. */
  private chosen = new Map<string, string[]>();
  /** The files that were chosen, with what is in them: it is no part of a state. */
  private files = new Map<string, unknown[]>();

  /** `losses` are the times, in seconds, at which processes were lost by the page before this one. */
  constructor(private losses: number[]) {}

  /** The page set a state of a widget. */
  note(model: string, state: JSONObject): void {
    const kept = Object.entries(state).filter(([name]) => TRAITS.includes(name));
    if (kept.length) {
      this.set.set(model, { ...this.set.get(model), ...Object.fromEntries(kept) });
    }
  }

  /** When processes were lost lately. */
  get lately(): readonly number[] {
    return this.losses;
  }

  /** A process was lost; whether what was set may be set again. */
  lost(): boolean {
    const now = Date.now() / 1000;
    this.losses = [...this.losses.filter(when => now - when < WINDOW), now];
    return this.mayRepeat;
  }

  /** Whether what was set may be set again. */
  get mayRepeat(): boolean {
    return this.losses.length < TOO_OFTEN;
  }

  /** Somebody did something: a process that is lost after that is not lost by what was set again. */
  acted(): void {
    this.losses = [];
  }

  /** Whether processes have not been lost so often that starting another is of no use. */
  get mayGoOn(): boolean {
    const now = Date.now() / 1000;
    return this.losses.filter(when => now - when < WINDOW).length <= TOO_OFTEN;
  }

  /** Whether the page set a state of this widget. */
  has(model: string): boolean {
    return this.set.has(model);
  }

  /** Look at what was set: it may be otherwise by now, which a widget tells only once what it told before is answered. */
  async look(manager: PageManager): Promise<void> {
    for (const [id, state] of this.set) {
      const model = manager.has_model(id) ? await manager.get_model(id) : null;
      if (model && kindOf(model) === UPLOAD) {
        this.files.set(id, model.get('value') as unknown[]);
      } else if (model) {
        const now = Object.fromEntries(Object.keys(state).map(name => [name, model.get(name)]));
        this.set.set(id, model.serialize(now) as JSONObject);
        this.chosen.set(id, indices(now.index).map(index => offered(model)[index]));
      }
    }
  }

  /** Set again all that had been set; the labels of the inputs it was, empty for those without one. */
  async again(manager: PageManager): Promise<string[]> {
    const before = this.set;
    this.set = new Map();
    const labels: string[] = [];
    for (const [id, state] of before) {
      if (!manager.has_model(id)) {
        continue;
      }
      const model = await manager.get_model(id);
      if (!TRAITS.some(name => name in model.attributes)) {
        continue;
      }
      const chosen = placesOf(this.chosen.get(id) ?? [], indices(state.index), offered(model));
      if (chosen.includes(-1)) {
        continue; // it is offered no more
      }
      if (chosen.length) {
        state.index = Array.isArray(state.index) ? chosen : chosen[0];
      }
      if (kindOf(model) === UPLOAD) {
        const files = this.files.get(id) ?? [];
        if (!files.length) {
          continue; // the app had taken them, and emptied it
        }
        model.set('value', files);
      } else {
        const kind = model.constructor as typeof import('@jupyter-widgets/base').WidgetModel;
        model.set(await kind._deserialize_state(state, manager));
      }
      model.save_changes();
      labels.push(labelOf(model, elementOf(id)));
    }
    return labels;
  }
}

function indices(index: unknown): number[] {
  return [index].flat().filter(each => typeof each === 'number');
}

/** What a list offers, in words. */
function offered(model: WidgetModel): string[] {
  return (model.get('_options_labels') as string[] | undefined) ?? [];
}

/** Where the same words are offered: where they were, if they are there still. */
function placesOf(words: readonly string[], before: readonly number[], offers: readonly string[]): number[] {
  return words.map((said, at) => (offers[before[at]] === said ? before[at] : offers.indexOf(said)));
}

function elementOf(model: string): Element | null {
  return document.querySelector(`[data-${MARK}="${CSS.escape(model)}"]`);
}
