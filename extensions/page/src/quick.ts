/**
 * Answers before the client is there. The drawn page has fields and buttons already, and the visitor's process needs no
 * client: what is set in a simple field, or a press of a button, is sent at once, and what it changes in texts and
 * fields is drawn. What is beyond this is left to the client, and so is everything after it, so that the order stays.
 *
 * It begins in the cover, where there is one, and goes on in the app's page: what has happened is handed over.
 */

import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { packed, unpacked } from './frames';
import { type FromPage, type Hello, type SiteMessage, VERSION, type Welcome, type WidgetState } from './protocol';

type Frame = string | ArrayBuffer;

/** A message that was made here, and whether it has gone out by the connection that there is now. */
export interface Said {
  id: string;
  frame: Frame;
  out: boolean;
}

/** What has happened so far: what the client takes over, and what a cover hands over to the page. */
export interface Begun {
  /** The process that was joined, as `Welcome` names it; empty for none. */
  visitor: string;
  /** The number of the last message of the process that is in `states`. */
  seen: number;
  /** What the process said, oldest first. */
  frames: readonly Frame[];
  /** Messages so far, oldest first, and which of them are not answered. */
  said: readonly Said[];
  unanswered: readonly string[];
  /** What was set in the page, in order. */
  set: readonly (readonly [model: string, state: JSONObject])[];
  /** What of the widgets' states is different now from what the page was drawn from. */
  states: ReadonlyMap<string, JSONObject>;
}

/** The drawn page that is answered in. */
export interface Drawn {
  /** The id of its data block, which has at least the widgets that are simple. */
  data: string;
  /** Whether markup of the app may be drawn in it. */
  markup: boolean;
}

/** What became of something that was done: sent, nothing yet as while a number is being written, or left to the client. */
export type Handled = 'sent' | 'not yet' | 'left';

/** What the site says of one connection alone. */
const OF_A_CONNECTION = new Set<SiteMessage['type']>(['welcome', 'gone']);
const NUMBER = /^(?:Bounded)?(Int|Float)TextModel$/;
const TEXT = /^Text(?:area)?Model$/;
const CHOICE = /^(?:Dropdown|Select)Model$/;
const MARKUP = /^HTML(?:Math)?Model$/;

export class Quick {
  /** The connection to the visitor's process, once there is one; and what came by it, for who takes it over. */
  socket: WebSocket | null = null;
  private readonly frames: Frame[] = [];
  private said: Said[] = [];
  private set: (readonly [string, JSONObject])[] = [];
  private states = new Map<string, JSONObject>();
  /** States that wait until what was sent before them is answered, by model: only the last of each matters. */
  private readonly held = new Map<string, JSONObject>();
  private unanswered = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private widgets: { [model: string]: WidgetState } | null = null;
  private visitor = '';
  private seen = 0;
  private welcomed = false;
  /** Whether the client has to do what comes now, and whether it has taken over. */
  private over = false;
  private ended = false;

  constructor(private readonly drawn: Drawn) {}

  /**
   * Connect to the visitor's process, the one that was joined before where there was one.
   *
   * @param greets - Whether the address says hello, of a new visitor, so that the site answers sooner.
   */
  connect(address: string, greets = false): WebSocket {
    const socket = new WebSocket(greets ? `${address}?protocol=${VERSION}` : address);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const before = this.visitor ? { visitor: this.visitor, seen: this.seen } : {};
      if (!greets) {
        socket.send(packed({ type: 'hello', protocol: VERSION, ...before } satisfies Hello));
      }
    };
    socket.onmessage = ({ data }) => this.heard(data as Frame);
    this.socket = socket;
    return socket;
  }

  /** Go on from what happened in the cover, and then here until it was told: draw it, send what did not go out. */
  resume({ visitor, seen, frames, said, unanswered, set, states }: Begun): void {
    const since = { said: this.said, set: this.set, states: this.states };
    this.visitor = visitor;
    this.seen = seen;
    this.frames.push(...frames.filter(frame => !OF_A_CONNECTION.has(unpacked<SiteMessage>(frame).message.type)));
    this.said = said.map(each => ({ ...each, out: false }));
    this.unanswered = new Set(unanswered);
    this.set = [...set.filter(([model]) => this.widget(model)), ...since.set];
    this.states = new Map([...states].filter(([model]) => this.widget(model)));
    since.states.forEach((state, model) => this.states.set(model, { ...this.states.get(model), ...state }));
    this.states.forEach((state, model) => this.draw(model, state));
    for (const { frame } of since.said) {
      const { comm, data } = unpacked<FromPage>(frame).message; // it gets a number after those of the cover
      this.send(comm, data as JSONObject);
    }
  }

  /** A field was changed (`input` while it is typed into, or `change`); from one that is not simple on, the client does it. */
  changed(type: string, target: Element): Handled {
    const place = target.closest<HTMLElement>('[data-living] [data-widget]');
    const model = place?.dataset.widget ?? '';
    const widget = this.over ? undefined : this.widget(model);
    const state = widget ? fieldState(widget, target, type) : null;
    if (state === null) {
      this.over ||= place !== null;
      return 'left';
    }
    const now = { ...widget?.state, ...this.states.get(model) };
    if (state && Object.entries(state).some(([name, value]) => now[name] !== value)) {
      this.states.set(model, { ...this.states.get(model), ...state });
      this.set.push([model, state]);
      this.held.set(model, state);
      this.flush();
    }
    return state ? 'sent' : 'not yet';
  }

  /** Press a button; whether that is done with it. */
  pressed(button: Element): boolean {
    const model = (button as HTMLElement).dataset.widget ?? '';
    if (this.over || this.widget(model)?.model_name !== 'ButtonModel') {
      return false;
    }
    this.flush(true);
    this.send(model, { method: 'custom', content: { event: 'click' } });
    return true;
  }

  /** From now on, the client does it. */
  leave(): void {
    this.over = true;
  }

  /** Resolved when what was sent is answered; with whether anything was. */
  async settled(): Promise<boolean> {
    if (this.unanswered.size > 0) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
    return this.said.length > 0;
  }

  /** The end: who comes next takes over what was begun. What the process says from now on is theirs too. */
  end(): Begun {
    this.flush(true);
    this.over = this.ended = true;
    const { visitor, seen, frames, said, set, states } = this;
    return { visitor, seen, frames, said, unanswered: [...this.unanswered], set, states };
  }

  private heard(frame: Frame): void {
    this.frames.push(frame);
    if (this.ended) {
      return;
    }
    const { message, buffers } = unpacked<SiteMessage>(frame);
    if (message.type === 'welcome') {
      this.welcome(message);
    } else if (message.type === 'gone') {
      this.leave();
      this.unanswered.clear();
    } else if (message.type !== 'newer') {
      this.seen = message.seq;
      if (message.type === 'status' && message.state === 'idle') {
        this.unanswered.delete(message.parent);
        this.flush();
      } else if (message.type === 'comm' && message.data.method === 'update' && buffers.length === 0) {
        this.update(message.comm, message.data.state as JSONObject);
      } else if (message.type === 'state') {
        this.leave(); // The page may be old all over.
        this.unanswered.clear();
      }
    }
    if (this.unanswered.size === 0) {
      this.waiting.splice(0).forEach(each => each());
    }
  }

  /** There is a process: a new one, or the one of before, which has got what was sent up to a message. */
  private welcome({ visitor, joined, received }: Welcome): void {
    this.visitor = visitor;
    if (joined === 'replaced') {
      this.leave(); // The client sets again what was set.
      this.unanswered.clear();
      return;
    }
    this.welcomed = true;
    const through = this.said.findIndex(({ id }) => id === received) + 1;
    this.said.slice(0, through).forEach(each => (each.out = true));
    this.said.forEach(each => this.out(each));
  }

  private widget(model: string): WidgetState | undefined {
    // The page's data comes after its body.
    this.widgets ??= JSON.parse(document.getElementById(this.drawn.data)?.textContent ?? 'null')?.widgets ?? null;
    return this.widgets?.[model];
  }

  /** Send what is held back. A state waits for the answer to what was sent before, unless it must go first. */
  private flush(now = false): void {
    if (now || this.unanswered.size === 0) {
      const held = [...this.held];
      this.held.clear();
      held.forEach(([model, state]) => this.send(model, { method: 'update', state, buffer_paths: [] }));
    }
  }

  private send(comm: string, data: JSONObject): void {
    const id = `p${this.said.length + 1}`;
    const message: FromPage = { type: 'comm', id, kind: 'msg', comm, data, metadata: {} };
    const said = { id, frame: packed(message), out: false };
    this.said.push(said);
    this.unanswered.add(id);
    this.out(said);
  }

  private out(said: Said): void {
    if (this.welcomed && !said.out && this.socket?.readyState === WebSocket.OPEN) {
      said.out = true;
      this.socket.send(said.frame);
    }
  }

  /** The app has set something anew: of what is simple, what a person sees. */
  private update(model: string, { value, index }: JSONObject): void {
    const name = this.widget(model)?.model_name ?? '';
    const state: JSONObject = {};
    if (value !== undefined && (isText(name) || isField(name))) {
      state.value = value;
    } else if (index !== undefined && CHOICE.test(name)) {
      state.index = index;
    } else {
      return;
    }
    this.states.set(model, { ...this.states.get(model), ...state });
    this.draw(model, state);
  }

  private draw(model: string, { value, index }: JSONObject): void {
    const name = this.widget(model)?.model_name ?? '';
    const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
    for (const drawn of document.querySelectorAll<HTMLElement>(`[data-living] [data-widget="${CSS.escape(model)}"]`)) {
      if (name === 'LabelModel') {
        drawn.textContent = text;
      } else if (MARKUP.test(name)) {
        const inner = drawn.querySelectorAll('.widget-html-content, .widget-htmlmath-content');
        inner.forEach(each => this.drawn.markup && (each.innerHTML = text));
      } else {
        const fields = drawn.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>('input, textarea, select');
        fields.forEach(field => field !== document.activeElement && put(field, text, value, index));
      }
    }
  }
}

function isText(name: string): boolean {
  return name === 'LabelModel' || MARKUP.test(name);
}

function isField(name: string): boolean {
  return name === 'CheckboxModel' || NUMBER.test(name) || TEXT.test(name);
}

function put(
  field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
  text: string,
  value: JSONValue | undefined,
  index: JSONValue | undefined
): void {
  if (field instanceof HTMLSelectElement) {
    field.selectedIndex = typeof index === 'number' ? index : -1;
  } else if (field instanceof HTMLInputElement && field.type === 'checkbox') {
    field.checked = value === true;
  } else {
    field.value = text;
  }
}
/** What a change of a field sets; undefined while it is nothing yet, null where the client has to see to it. */
function fieldState({ model_name: name, state }: WidgetState, field: Element, type: string): JSONObject | undefined | null {
  const eager = state.continuous_update === true;
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    if (field instanceof HTMLInputElement && field.type === 'checkbox' && name === 'CheckboxModel') {
      return type === 'change' ? { value: field.checked } : undefined;
    }
    const number = NUMBER.exec(name);
    if (!number && !TEXT.test(name)) {
      return null;
    }
    if (type === 'input' && !eager) {
      return undefined;
    }
    return number ? numberState(number[1] === 'Int' ? parseInt(field.value, 10) : parseFloat(field.value), state, type) : { value: field.value };
  }
  if (field instanceof HTMLSelectElement && CHOICE.test(name)) {
    const none = field.selectedIndex < 0 || field.selectedOptions[0].hidden;
    return type === 'change' ? { index: none ? null : field.selectedIndex } : undefined;
  }
  return null;
}

function numberState(value: number, { min, max }: JSONObject, type: string): JSONObject | undefined | null {
  if (Number.isNaN(value) && type === 'input') {
    return undefined; // it is being written
  }
  const within = !(typeof min === 'number' && value < min) && !(typeof max === 'number' && value > max);
  return Number.isFinite(value) && within ? { value } : null;
}
