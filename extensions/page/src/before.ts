/** What came before the client was there, put into what the page was drawn from: then it need not be seen to change. */

import type { JSONObject } from '@lumino/coreutils';
import type { Begun } from './begun';
import { unpacked } from './frames';
import { appended } from './outputs';
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
  const clearing = new Set<string>();
  const messages = frames.map(frame => unpacked<SiteMessage>(frame));
  const replaced = new Set<string>(); // The client follows the messages where an app sets a list of outputs itself.
  messages.forEach(({ message }) => message.type === 'comm' && isOf(message.data.state, 'outputs') && replaced.add(message.comm));
  for (const { message, buffers } of messages) {
    if (message.type === 'clear' && message.widget in widgets && !replaced.has(message.widget)) {
      clearing.add(message.widget);
      if (!message.wait) {
        set(message.widget, { outputs: [] });
        clearing.delete(message.widget);
        through.set(message.widget, message.seq);
      }
    } else if (message.type === 'output' && message.widget in widgets && !replaced.has(message.widget)) {
      const before = clearing.delete(message.widget) ? [] : ((widgets[message.widget].state.outputs ?? []) as unknown as Output[]);
      set(message.widget, { outputs: appended(before, message.output) as unknown as JSONObject[] });
      through.set(message.widget, message.seq);
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
