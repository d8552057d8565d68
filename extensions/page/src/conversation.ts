/**
 * What the visitor's process and a page that has no client yet say to each other: by one connection, which the client
 * takes over, or by one in the cover and then another in the app's page.
 */

import type { JSONObject } from '@lumino/coreutils';
import type { Frame, Said, Told } from './begun';
import { packed, unpacked } from './frames';
import { type FromPage, type Hello, type SiteMessage, VERSION, type Welcome } from './protocol';

/** What the site says of one connection alone. */
const OF_A_CONNECTION = new Set<SiteMessage['type']>(['welcome', 'gone']);

/** Whether the page may be old all over with this message. Nothing said before is answered after it. */
export function isAnew(message: SiteMessage): boolean {
  return message.type === 'gone' || message.type === 'state' || (message.type === 'welcome' && message.joined === 'replaced');
}

export class Conversation {
  socket: WebSocket | null = null;
  private readonly frames: Frame[] = [];
  private said: Said[] = [];
  private unanswered = new Set<string>();
  private visitor = '';
  private seen = 0;
  private welcomed = false;
  /** What the process has said while it is not heard; null while it is. */
  private paused: Frame[] | null = null;
  private ended = false;

  /** `hear` is told of each message of the site, in order. */
  constructor(private readonly hear: (message: SiteMessage, buffers: readonly DataView[]) => void) {}

  /** Whether anything was said here. */
  get begun(): boolean {
    return this.said.length > 0;
  }

  /** Whether something of that is not answered yet. */
  get waiting(): boolean {
    return this.unanswered.size > 0;
  }

  get told(): Told {
    const { visitor, seen, frames, said } = this;
    return { visitor, seen, frames, said, unanswered: [...this.unanswered] };
  }

  /** Connect to the visitor's process, the one that was joined before where there was one. */
  connect(address: string, greets: boolean): WebSocket {
    const socket = new WebSocket(greets ? `${address}?protocol=${VERSION}` : address);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const before = this.visitor ? { visitor: this.visitor, seen: this.seen } : {};
      if (!greets) {
        socket.send(packed({ type: 'hello', protocol: VERSION, ...before } satisfies Hello));
      }
    };
    socket.onmessage = ({ data }) => this.take(data as Frame);
    this.socket = socket;
    return socket;
  }

  /** Go on from another conversation; what was said here before comes after all that was said there. */
  resume({ visitor, seen, frames, said, unanswered }: Told): void {
    const since = this.said;
    this.visitor = visitor;
    this.seen = seen;
    this.frames.push(...frames.filter(frame => !OF_A_CONNECTION.has(unpacked<SiteMessage>(frame).message.type)));
    this.said = said.map(each => ({ ...each, out: false }));
    this.unanswered = new Set(unanswered);
    for (const { frame } of since) {
      const { comm, data } = unpacked<FromPage>(frame).message;
      this.say(comm, data);
    }
  }

  /** Say something to a widget. */
  say(comm: string, data: JSONObject): void {
    const id = `p${this.said.length + 1}`;
    const message: FromPage = { type: 'comm', id, kind: 'msg', comm, data, metadata: {} };
    const said = { id, frame: packed(message), out: false };
    this.said.push(said);
    this.unanswered.add(id);
    this.out(said);
  }

  /** Hear nothing of the process for a while. */
  pause(): void {
    this.paused ??= [];
  }

  /** Hear it again, first what it has said meanwhile. */
  proceed(): void {
    const come = this.paused ?? [];
    this.paused = null;
    come.forEach(frame => this.take(frame));
  }

  /** What the process says from now on is for who takes over the connection. */
  end(): void {
    this.ended = true;
  }

  private take(frame: Frame): void {
    const { message, buffers } = unpacked<SiteMessage>(frame);
    if (this.paused && !OF_A_CONNECTION.has(message.type)) {
      this.paused.push(frame);
      return;
    }
    this.frames.push(frame);
    if (this.ended) {
      return;
    }
    if (message.type === 'welcome') {
      this.welcome(message);
    } else if ('seq' in message) {
      this.seen = message.seq;
      if (message.type === 'status' && message.state === 'idle') {
        this.unanswered.delete(message.parent);
      }
    }
    if (isAnew(message)) {
      this.unanswered.clear();
    }
    this.hear(message, buffers);
  }

  /** There is a process: a new one, or the one of before, which has got what was sent up to a message. */
  private welcome({ visitor, joined, received }: Welcome): void {
    this.visitor = visitor;
    if (joined === 'replaced') {
      return; // The client sets again what was set.
    }
    this.welcomed = true;
    const through = this.said.findIndex(({ id }) => id === received) + 1;
    this.said.slice(0, through).forEach(each => (each.out = true));
    this.said.forEach(each => this.out(each));
  }

  private out(said: Said): void {
    if (this.welcomed && !said.out && this.socket?.readyState === WebSocket.OPEN) {
      said.out = true;
      this.socket.send(said.frame);
    }
  }
}
