/**
 * The connection to the visitor's process. It comes back by itself: what was sent and has not come through is sent
 * again, in order, and what the process said meanwhile follows. Nothing typed is lost on the way.
 */

import type { Begun } from './begun';
import { type Binary, packed, unpacked } from './frames';
import { type FromPage, type Gone, type Hello, type Joined, type ProcessMessage, type SiteMessage, type There, VERSION } from './protocol';

const FIRST_WAIT = 400;
const LONGEST_WAIT = 10_000;
/** Milliseconds without any answer to what was sent after which the site is asked whether it is there: the app may work. */
const SILENCE = 5_000;
/** So often, with nothing of what was sent on its way meanwhile, and the connection is taken for dead. */
const ROUNDS = 3;

/** What happens on a connection. `joined` may be awaited: no message is handled before it is done. */
export interface Listener {
  joined(how: Joined): void | Promise<void>;
  message(message: ProcessMessage, buffers: DataView[]): void | Promise<void>;
  /** The process has handled a message of the page, and all it caused. */
  answered(id: string): void;
  lost(): void;
  gone(gone: Gone): void;
  newer(): void;
}

interface Sent {
  id: string;
  frame: string | ArrayBuffer;
  /** The socket that it went out on last. */
  on: WebSocket | null;
  /** Whether it is no state of a widget, as where a button is pressed. */
  custom?: boolean;
}

export class Connection {
  /** Messages that have not been answered, oldest first. */
  private unanswered: Sent[] = [];
  private socket: WebSocket | null = null;
  private welcomed = false;
  private visitor = '';
  private seen = 0;
  private wait = FIRST_WAIT;
  private timer = 0;
  private silence = 0;
  /** Whether there is to be none: before the page asks for one, and once its process is gone. */
  private ended = true;
  private line: Promise<void> = Promise.resolve();

  /** `count`: how many messages of the page there were before. */
  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private count = 0
  ) {
    addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.hurry());
    addEventListener('pagehide', event => {
      if (!event.persisted && this.socket?.readyState === WebSocket.OPEN) {
        this.socket.send(packed({ type: 'bye' }));
      }
    });
  }

  /** The messages that have not been answered yet, oldest first. */
  get awaited(): string[] {
    return this.unanswered.map(({ id }) => id);
  }

  /** Whether something other than what was entered has not been answered yet. */
  get unheard(): boolean {
    return this.unanswered.some(({ custom }) => custom);
  }

  /** Take over the connection that was opened before the client was there, with what was said on it. */
  adopt(socket: WebSocket, { said, frames }: Begun): void {
    this.ended = false;
    const earlier = said.map(({ id, frame, out }) => ({ id, frame, on: out ? socket : null }));
    this.unanswered = [...earlier, ...this.unanswered];
    this.listen(socket);
    frames.forEach(frame => this.take(frame));
    if (socket.readyState === WebSocket.CLOSED || socket.readyState === WebSocket.CLOSING) {
      this.lost(socket);
    }
  }

  open(): void {
    this.ended = false;
    clearTimeout(this.timer);
    this.socket?.close(); // the one to a process that is gone
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const known = this.visitor ? { visitor: this.visitor, seen: this.seen } : {};
      const hello: Hello = { type: 'hello', protocol: VERSION, ...known };
      socket.send(packed(hello));
    };
    this.listen(socket);
  }

  /** Send a comm message; its id, by which `answered` names it. */
  send(message: Omit<FromPage, 'type' | 'id'>, buffers: readonly Binary[] = []): string {
    const id = `p${++this.count}`;
    const frame = packed({ type: 'comm', id, ...message } satisfies FromPage, buffers);
    const sent: Sent = { id, frame, on: null, custom: message.data.method === 'custom' };
    this.unanswered.push(sent);
    if (this.welcomed) {
      this.transmit(sent);
    }
    return id;
  }

  /** What has not gone out is done otherwise. */
  forget(): void {
    this.unanswered = this.unanswered.filter(sent => sent.on);
  }

  private transmit(sent: Sent): void {
    if (this.socket?.readyState === WebSocket.OPEN && sent.on !== this.socket) {
      sent.on = this.socket;
      this.socket.send(sent.frame);
      this.expect(this.socket);
    }
  }

  private listen(socket: WebSocket): void {
    this.socket = socket;
    this.welcomed = false;
    socket.onmessage = event => socket === this.socket && this.take(event.data as string | ArrayBuffer);
    socket.onclose = () => this.lost(socket);
  }

  private take(frame: string | ArrayBuffer): void {
    clearTimeout(this.silence);
    const { message, buffers } = unpacked<SiteMessage>(frame);
    this.line = this.line
      .then(() => this.handle(message, buffers))
      .catch(error => console.error('A message could not be handled.', error));
  }

  private async handle(message: SiteMessage, buffers: DataView[]): Promise<void> {
    switch (message.type) {
      case 'welcome':
        this.visitor = message.visitor;
        this.wait = FIRST_WAIT;
        if (message.joined === 'new' || message.joined === 'replaced') {
          this.seen = message.seq;
        }
        this.settle(message.joined, message.received);
        await this.listener.joined(message.joined);
        this.welcomed = true;
        this.unanswered.forEach(sent => this.transmit(sent));
        break;
      case 'gone':
        this.ended = true;
        this.listener.gone(message);
        break;
      case 'newer':
        this.listener.newer();
        break;
      case 'here':
        break;
      default:
        this.seen = Math.max(this.seen, message.seq);
        if (message.type === 'status' && message.state === 'idle') {
          this.answer(message.parent);
        } else {
          await this.listener.message(message, buffers);
        }
    }
    if (this.unanswered.length > 0 && this.welcomed && this.socket) {
      this.expect(this.socket);
    }
  }

  /** What has come through already is not sent again, and what was meant for a process that is no more is dropped. */
  private settle(joined: Joined, received: string): void {
    if (joined === 'replaced') {
      this.unanswered = [];
    } else if (joined !== 'new' && received) {
      const last = Number(received.slice(1));
      const through = this.unanswered.filter(sent => Number(sent.id.slice(1)) <= last);
      if (joined === 'caught-up') {
        this.unanswered = this.unanswered.filter(sent => Number(sent.id.slice(1)) > last);
        through.forEach(sent => this.listener.answered(sent.id));
      } else {
        through.forEach(sent => (sent.on = this.socket)); // all that the process says is heard, and so the answer is
      }
    }
  }

  private answer(id: string): void {
    this.unanswered = this.unanswered.filter(sent => sent.id !== id);
    this.listener.answered(id);
  }

  private expect(socket: WebSocket, rounds = ROUNDS): void {
    clearTimeout(this.silence);
    const before = socket.bufferedAmount;
    this.silence = window.setTimeout(() => {
      if (socket !== this.socket) {
        return;
      }
      const now = socket.bufferedAmount;
      if (now > 0 && now < before) {
        this.expect(socket); // a large file takes its time on a slow line
      } else if (rounds > 1) {
        socket.send(packed({ type: 'there' } satisfies There));
        this.expect(socket, rounds - 1);
      } else {
        this.drop(socket);
      }
    }, SILENCE);
  }

  private drop(socket: WebSocket): void {
    socket.onclose = null;
    socket.close();
    this.lost(socket);
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) {
      return;
    }
    this.socket = null;
    this.welcomed = false;
    clearTimeout(this.silence);
    void this.line.then(() => {
      if (this.ended || this.socket) {
        return; // the process is gone, and who listens decides whether to have another
      }
      this.listener.lost();
      const jitter = 0.7 + 0.6 * Math.random();
      this.timer = window.setTimeout(() => this.open(), this.wait * jitter);
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
    });
  }

  /** The page goes, and another comes to this visit: which waits for it as long as this one is connected. */
  leave(): void {
    const { socket } = this;
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket = null;
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(packed({ type: 'bye' }));
    }
    socket?.close();
  }

  private hurry(): void {
    if (!this.socket && !this.ended) {
      this.wait = FIRST_WAIT;
      this.open();
    }
  }
}

