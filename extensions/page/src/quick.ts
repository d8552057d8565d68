/**
 * Answers before the client is there. The drawn page has fields and buttons already, and the visitor's process needs no
 * client: what is set in a simple field, or a press of a button, is sent at once, and what it changes in texts and
 * fields is drawn. What is beyond this is left to the client, and so is everything after it, so that the order stays.
 *
 * It begins in the cover, where there is one, and goes on in the app's page: what has happened is handed over.
 */

import type { JSONObject } from '@lumino/coreutils';
import type { Begun } from './begun';
import { Block, REFERENCE } from './block';
import { Conversation, isAnew } from './conversation';
import { Drawings } from './drawings';
import { unpacked } from './frames';
import { SANITIZES } from './markup';
import type { SiteMessage, WidgetState } from './protocol';
import { Sign } from './sign';
import { fieldState, hasIndex, hasValue, MARKUP } from './simple';
import { follow, keyed, read, SLIDER, type Value } from './sliding';

/** Milliseconds for which the sign is there at most: the client may never come. */
const LONGEST = 120_000;

/** The drawn page that is answered in. */
export interface Drawn {
  /** The id of its data block, which has at least the widgets that are simple. */
  data: string;
  /** Whether it is a page of ours, to which markup of the app comes by the lists that are in its data only. */
  ours: boolean;
}

/** What became of something that was done: sent, nothing yet as while a number is being written, or left to the client. */
export type Handled = 'sent' | 'not yet' | 'left';

export class Quick {
  private readonly conversation = new Conversation((message, buffers) => this.heard(message, buffers));
  private set: (readonly [string, JSONObject])[] = [];
  private states = new Map<string, JSONObject>();
  /** States that wait until what was sent before them is answered, by model: only the last of each matters. */
  private readonly held = new Map<string, JSONObject>();
  private readonly waiting: (() => void)[] = [];
  private turn: () => void = () => undefined;
  /** Widgets of which the app has set what is not drawn here: their options, their ends, that they are locked. */
  private readonly other = new Set<string>();
  /** How many of the frames of a cover are shown here. */
  private looked = 0;
  /** Whether the client has to do what comes now, and whether something that was done waits for it. */
  private over = false;
  private left = false;
  /** There as long as something is waited for. */
  readonly sign = new Sign(LONGEST);

  private readonly block: Block;
  private readonly drawings: Drawings;

  constructor({ data, ours }: Drawn) {
    this.block = new Block(data);
    this.drawings = new Drawings(ours, () => this.block.markup);
  }

  /** Resolved once the first thing that was done is answered, or the client is needed for it or for its answer. */
  readonly turned = new Promise<void>(resolve => (this.turn = resolve));

  /** Whether what its answers hold is all drawn here: markup takes a browser with a Sanitizer. */
  get suffices(): boolean {
    return SANITIZES || !Object.values(this.block.widgets).some(({ model_name }) => MARKUP.test(model_name));
  }

  /**
   * Connect to the visitor's process, the one that was joined before where there was one.
   *
   * @param greets - Whether the address says hello, of a new visitor, so that the site answers sooner.
   */
  connect(address: string, greets = false): WebSocket {
    return this.conversation.connect(address, greets);
  }

  /** The connection to the visitor's process, once there is one. */
  get socket(): WebSocket | null {
    return this.conversation.socket;
  }

  /** Show what has happened in the cover so far, each time with what has happened since. */
  look({ frames, states, other, since }: Begun): void {
    since ? this.sign.begin(since) : this.sign.end();
    other.forEach(model => this.other.add(model));
    states.forEach((state, model) => this.draw(model, state));
    const come = frames.slice(this.looked).map(frame => unpacked<SiteMessage>(frame));
    come.forEach(({ message, buffers }) => this.shows(message, buffers));
    this.looked = frames.length;
  }

  /** Go on from what happened in the cover, and then here until it was told: draw it, send what did not go out. */
  resume(begun: Begun): void {
    const known = ([model]: readonly [string, JSONObject]) => this.block.widgets[model] !== undefined;
    const since = this.states;
    this.conversation.resume(begun);
    this.set = [...begun.set.filter(known), ...this.set];
    this.states = new Map([...begun.states].filter(known));
    since.forEach((state, model) => this.states.set(model, { ...this.states.get(model), ...state }));
    this.look({ ...begun, states: this.states });
  }

  /** All that was done in the cover is done here too: the sign is there where something is waited for. */
  resumed(): void {
    this.waits ? this.sign.begin() : this.sign.end();
  }

  /** A field was changed (`input` while it is typed into, or `change`); from one that is not simple on, the client does it. */
  changed(type: string, target: Element): Handled {
    const place = target.closest<HTMLElement>('[data-living] [data-widget]');
    const model = place?.dataset.widget ?? '';
    const widget = this.over ? undefined : this.widget(model);
    if (widget && SLIDER.test(widget.model_name)) {
      return type === 'change' ? this.entered(model, target) : 'not yet';
    }
    const state = widget ? fieldState(widget, target, type) : null;
    if (state === null) {
      if (place) {
        const eager = 'value' in target && this.block.widgets[model]?.state.continuous_update === true;
        this.leave(eager || type === 'change');
      }
      return 'left';
    }
    if (state) {
      this.put(model, state);
    }
    return state ? 'sent' : 'not yet';
  }

  /** The number beside a slider was entered: what is none goes back to what is set. */
  private entered(model: string, readout: Element): Handled {
    const now = this.now(model);
    const whole = this.block.widgets[model].model_name.startsWith('Int');
    const value = read(readout.textContent ?? '', whole, now) ?? now.value;
    this.put(model, { value });
    this.states.set(model, { ...this.states.get(model), value }); // the app's page may show what is not set
    this.draw(model, { value });
    return 'sent';
  }

  /** A key or the pointer came to a slider; whether that is answered without the client. */
  slid(event: Event): boolean {
    const track = (event.target as Element).closest<HTMLElement>('.noUi-target');
    const drawn = track?.closest<HTMLElement>('[data-living] [data-widget]');
    const model = drawn?.dataset.widget ?? '';
    const widget = this.over ? undefined : this.widget(model);
    if (!track || !drawn || !widget || !SLIDER.test(widget.model_name)) {
      return false;
    }
    if (track.hasAttribute('disabled')) {
      return true; // nothing can be done to it
    }
    const move = (value: Value, rests: boolean) => {
      this.draw(model, { value });
      if (rests || widget.state.continuous_update === true) {
        this.put(model, { value });
      }
    };
    if (event instanceof KeyboardEvent) {
      const to = keyed(event, track, this.now(model));
      if (to !== undefined) {
        event.preventDefault();
        move(to, true);
      }
    } else if (event instanceof PointerEvent && event.isPrimary && event.button === 0) {
      event.preventDefault();
      follow(event, track, this.now(model), move);
    }
    return true;
  }

  /** Press a button; whether that is done with it. */
  pressed(button: Element): boolean {
    const drawn = button.closest<HTMLElement>('[data-living] [data-widget]');
    const model = drawn?.dataset.widget ?? '';
    const name = (!this.over && this.widget(model)?.model_name) || '';
    if (name === 'ToggleButtonModel') {
      this.press(model, { value: this.now(model).value !== true });
      return true;
    }
    if (name === 'ToggleButtonsModel' && drawn) {
      this.press(model, { index: [...drawn.querySelectorAll('button')].indexOf(button as HTMLButtonElement) });
    } else if (name !== 'ButtonModel') {
      return false;
    }
    this.flush(true);
    this.conversation.say(model, { method: 'custom', content: { event: 'click' } });
    this.sign.begin();
    return true;
  }

  /** From now on, the client does it. `done`: whether somebody has done something that it is to answer. */
  leave(done = true): void {
    this.over = true;
    this.turn();
    if (done) {
      this.left = true;
      this.sign.begin();
    }
  }

  /** Resolved when what was sent is answered; with whether anything was. */
  async settled(): Promise<boolean> {
    if (this.conversation.waiting) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
    return this.conversation.begun;
  }

  /** What has happened so far. From now on no answer is drawn, so that who shows it shows as much as is seen here. */
  pause(): Begun {
    this.conversation.pause();
    return this.begun;
  }

  /** Draw answers again. */
  proceed(): void {
    this.conversation.proceed();
  }

  /** The end: who comes next takes over what was begun. What the process says from now on is theirs too. */
  end(): Begun {
    this.flush(true);
    this.over = true;
    this.conversation.end();
    return this.begun;
  }

  private get begun(): Begun {
    const { set, states } = this;
    return { ...this.conversation.told, set, states, other: [...this.other], since: this.sign.since };
  }

  /** Whether something that was done is not answered. */
  private get waits(): boolean {
    return this.left || this.conversation.waiting;
  }

  private heard(message: SiteMessage, buffers: readonly DataView[]): void {
    if (isAnew(message)) {
      this.leave(this.sign.since > 0); // The client does it again.
    } else if (message.type === 'status' && message.state === 'idle') {
      this.flush();
      this.sign.answered(this.waits);
    } else if (this.shows(message, buffers)) {
      // It is drawn.
    } else if (message.type === 'comm' && message.data.method === 'update') {
      this.update(message.comm, message.data.state as JSONObject);
    } else if (message.type === 'update_display') {
      this.turn(); // The client shows it.
    }
    if (!this.conversation.waiting) {
      this.waiting.splice(0).forEach(each => each());
      if (this.conversation.begun) {
        this.turn();
      }
    }
  }

  /** Draw what an app prints and shows, and pictures; whether the message was such. */
  private shows(message: SiteMessage, buffers: readonly DataView[]): boolean {
    if (message.type === 'clear') {
      this.seenOr(this.drawings.clear(message.widget, message.wait));
    } else if (message.type === 'output') {
      this.seenOr(this.drawings.output(message.widget, message.output));
    } else if (message.type === 'comm' && buffers.length === 1 && this.widget(message.comm)?.model_name === 'ImageModel') {
      this.drawings.picture(message.comm, buffers[0], String(this.now(message.comm).format));
    } else {
      return false;
    }
    return true;
  }

  private widget(model: string): WidgetState | undefined {
    return this.other.has(model) ? undefined : this.block.widgets[model];
  }

  /** A widget's state as far as it is known here. */
  private now(model: string): JSONObject {
    return { ...this.widget(model)?.state, ...this.states.get(model) };
  }

  /** Something is set by hand. */
  private put(model: string, state: JSONObject): void {
    const now = this.now(model);
    if (Object.entries(state).some(([name, value]) => JSON.stringify(now[name]) !== JSON.stringify(value))) {
      this.states.set(model, { ...this.states.get(model), ...state });
      this.set.push([model, state]);
      this.held.set(model, state);
      this.flush();
      this.sign.begin();
    }
  }

  /** A button that shows what is set is pressed. */
  private press(model: string, state: JSONObject): void {
    this.put(model, state);
    this.draw(model, state);
  }

  /** Send what is held back. A state waits for the answer to what was sent before, unless it must go first. */
  private flush(now = false): void {
    if (now || !this.conversation.waiting) {
      const held = [...this.held];
      this.held.clear();
      held.forEach(([model, state]) => this.conversation.say(model, { method: 'update', state, buffer_paths: [] }));
    }
  }

  /** The app has set something anew: of what is simple, what a person sees. */
  private update(model: string, set: JSONObject): void {
    if (this.block.layouts[model]) {
      this.states.set(model, { ...this.states.get(model), ...set });
      this.draw(model, set);
      return;
    }
    const { value, index, disabled, ...more } = set;
    const name = this.block.widgets[model]?.model_name ?? '';
    const state: JSONObject = disabled === undefined || !name || SLIDER.test(name) ? {} : { disabled };
    if (value !== undefined && hasValue(name)) {
      state.value = value;
    } else if (index !== undefined && hasIndex(name)) {
      state.index = index;
    }
    if (Object.keys(set).some(each => !(each in state))) {
      this.other.add(model); // What is chosen from a list that is no more is found in the new one, by what it says.
      this.turn();
      if (name && !JSON.stringify(more).includes(REFERENCE)) {
        Object.assign(state, set);
      }
    }
    if (Object.keys(state).length > 0) {
      this.states.set(model, { ...this.states.get(model), ...state });
      this.draw(model, state);
    }
  }

  private draw(model: string, state: JSONObject): void {
    const whose = this.block.layouts[model];
    if (whose) {
      whose.split(' ').forEach(each => this.drawings.lay(each, state));
      return;
    }
    const widget = this.widget(model);
    if (widget) {
      this.seenOr(this.drawings.set(model, widget.model_name, state, this.now(model)));
    }
  }

  /** What is not seen takes the client. */
  private seenOr(seen: boolean): void {
    if (!seen) {
      this.turn();
    }
  }
}
