/** What came before the client was there, put into what the page was drawn from: then it need not be seen to change. */

import type { JSONObject } from '@lumino/coreutils';
import type { Begun } from './begun';
import { type Filled, filled } from './filling';
import { unpacked } from './frames';
import type { Output, SiteMessage, WidgetState } from './protocol';
import { base64 } from './shown';

type Widgets = { [model: string]: WidgetState };

/** The widgets as they are now, and for Output widgets the number of the last message that is in them. */
export interface Current {
  widgets: Widgets;
  through: ReadonlyMap<string, number>;
}

/** The widgets with the states, outputs and pictures that have come. */
export function current(drawn: Widgets, begun: Begun | undefined): Current {
  const { states = new Map<string, JSONObject>(), frames = [] } = begun ?? {};
  const widgets = { ...drawn };
  const through = new Map<string, number>();
  const set = (model: string, state: JSONObject) => {
    widgets[model] = { ...widgets[model], state: { ...widgets[model].state, ...state } };
  };
  states.forEach((state, model) => set(model, state));
  const places = new Map<string, Filled>();
  const messages = frames.map(frame => unpacked<SiteMessage>(frame));
  const replaced = new Set<string>(); // The client follows the messages where an app sets a list of outputs itself.
  messages.forEach(({ message }) => message.type === 'comm' && isOf(message.data.state, 'outputs') && replaced.add(message.comm));
  for (const { message, buffers } of messages) {
    if ((message.type === 'clear' || message.type === 'output') && message.widget in widgets && !replaced.has(message.widget)) {
      const { widget, seq } = message;
      const outputs = (widgets[widget].state.outputs ?? []) as unknown as Output[];
      const place = filled(places.get(widget) ?? { outputs, clearing: false }, message);
      places.set(widget, place);
      if (!place.clearing) {
        set(widget, { outputs: place.outputs as unknown as JSONObject[] });
        through.set(widget, seq); // the client itself sees to what is emptied later
      }
    } else if (message.type === 'comm' && isPicture(widgets[message.comm]) && buffers.length === 1) {
      const picture = { path: ['value'], encoding: 'base64' as const, data: base64(buffers[0]) };
      widgets[message.comm] = { ...widgets[message.comm], buffers: [picture] };
    }
  }
  return { widgets, through };
}

function isPicture(widget: WidgetState | undefined): boolean {
  return widget?.model_name === 'ImageModel';
}

function isOf(state: unknown, name: string): boolean {
  return state instanceof Object && name in state;
}
