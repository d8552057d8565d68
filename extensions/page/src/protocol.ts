/** What the page and a visitor's process say to each other, as typed in `microapps/publish/visitors/protocol.py`. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';

/** The version of the protocol that this page speaks. */
export const VERSION = 1;

/** A widget as a snapshot holds it. */
export interface WidgetState {
  model_name: string;
  model_module: string;
  model_module_version: string;
  state: JSONObject;
  buffers?: { path: (string | number)[]; encoding: 'base64'; data: string }[];
}

/** An output of a cell or an Output widget, in the notebook's own format. */
export interface Output {
  output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  name?: string;
  text?: string | string[];
  data?: { [mime: string]: JSONValue };
  metadata?: JSONObject;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** What the page says first on every connection. */
export interface Hello {
  type: 'hello';
  protocol: number;
  visitor?: string;
  seen?: number;
}

/** A comm message of the page. */
export interface FromPage {
  type: 'comm';
  id: string;
  kind: 'open' | 'msg' | 'close';
  comm: string;
  target?: string;
  data: JSONObject;
  metadata?: JSONObject;
}

/** Asks whether the site is there, while the app says nothing. */
export interface There {
  type: 'there';
}

export type Joined = 'new' | 'again' | 'caught-up' | 'replaced';

/** The answer to `Hello`. */
export interface Welcome {
  type: 'welcome';
  protocol: number;
  visitor: string;
  joined: Joined;
  seq: number;
  received: string;
}

/** The process has ended. */
export interface Gone {
  type: 'gone';
  why: 'time' | 'memory' | 'data' | 'crash' | 'idle' | 'output' | 'closed' | 'full';
  what: string;
}

/** A comm message of a widget. */
export interface FromProcess {
  type: 'comm';
  seq: number;
  kind: 'open' | 'msg' | 'close';
  comm: string;
  target?: string;
  data: JSONObject;
  metadata?: JSONObject;
  parent: string;
}

interface Shown {
  seq: number;
  parent: string;
}

export interface ShownOutput extends Shown {
  type: 'output';
  widget: string;
  output: Output;
}

export interface Clear extends Shown {
  type: 'clear';
  widget: string;
  wait: boolean;
}

export interface UpdateDisplay extends Shown {
  type: 'update_display';
  display_id: string;
  output: Output;
}

export interface Status extends Shown {
  type: 'status';
  state: 'busy' | 'idle';
}

export interface Failed extends Shown {
  type: 'failed';
}

export interface State extends Shown {
  type: 'state';
  widgets: { [model: string]: WidgetState };
}

/** What a visitor's process says; all of it is numbered. */
export type ProcessMessage = FromProcess | ShownOutput | Clear | UpdateDisplay | Status | Failed | State;

export type SiteMessage = Welcome | Gone | { type: 'newer' | 'here' } | ProcessMessage;
