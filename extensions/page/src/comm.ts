/** A widget's channel to its other half in the visitor's process, in the form the widget library knows. */

import type { IClassicComm, ICallbacks } from '@jupyter-widgets/base';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { Connection } from './connection';
import type { Binary } from './frames';
import type { FromProcess } from './protocol';

type Message = Parameters<Parameters<IClassicComm['on_msg']>[0]>[0];

/** All comms of a page by their ids, and who waits for the answer to which message. */
export class Comms {
  private readonly open = new Map<string, PageComm>();
  private readonly waiting = new Map<string, ICallbacks>();
  /** Called with each state that the page sets. */
  onSet: (model: string, state: JSONObject) => void = () => undefined;

  /** Called before a message that is no state: what was set before it goes first. */
  beforeCustom: () => void = () => undefined;

  constructor(readonly connection: Connection) {}

  get(id: string): PageComm | undefined {
    return this.open.get(id);
  }

  make(target: string, id: string): PageComm {
    const comm = new PageComm(this, target, id);
    this.open.set(id, comm);
    return comm;
  }

  send(comm: PageComm, kind: 'open' | 'msg' | 'close', given: Given): string {
    const { data = {}, callbacks, metadata, buffers } = given;
    const target = kind === 'open' ? { target: comm.target_name } : {};
    if ((data as JSONObject | null)?.method === 'custom') {
      this.beforeCustom();
    }
    const message = { kind, comm: comm.comm_id, ...target, data: data as JSONObject, metadata: metadata ?? {} };
    const id = this.connection.send(message, buffers ?? []);
    if (callbacks) {
      this.waiting.set(id, callbacks);
    }
    const { method, state } = message.data;
    if (method === 'update') {
      this.onSet(comm.comm_id, state as JSONObject);
    }
    return id;
  }

  /** The process has handled a message of the page. */
  answered(id: string): void {
    const callbacks = this.waiting.get(id);
    this.waiting.delete(id);
    const idle = { content: { execution_state: 'idle' }, parent_header: { msg_id: id }, header: { msg_type: 'status' } };
    callbacks?.iopub?.status?.(idle as never);
  }

  close(id: string): void {
    this.open.delete(id);
  }

  clear(): void {
    this.open.clear();
    this.waiting.clear();
  }
}

interface Given {
  data?: JSONValue;
  callbacks?: ICallbacks;
  metadata?: JSONObject;
  buffers?: readonly Binary[];
}

export class PageComm implements IClassicComm {
  private onMessage: (message: Message) => unknown = () => undefined;
  private onClose: (message: Message) => unknown = () => undefined;

  constructor(
    private readonly comms: Comms,
    readonly target_name: string,
    readonly comm_id: string
  ) {}

  open(data: JSONValue, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Binary[]): string {
    return this.comms.send(this, 'open', { data, callbacks, metadata, buffers });
  }

  send(data: JSONValue, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Binary[]): string {
    return this.comms.send(this, 'msg', { data, callbacks, metadata, buffers });
  }

  close(data?: JSONValue, callbacks?: ICallbacks, metadata?: JSONObject, buffers?: Binary[]): string {
    this.comms.close(this.comm_id);
    return this.comms.send(this, 'close', { data, callbacks, metadata, buffers });
  }

  on_msg(callback: (message: Message) => void): void {
    this.onMessage = callback;
  }

  on_close(callback: (message: Message) => void): void {
    this.onClose = callback;
  }

  /** A message of the process for this comm; resolved when the widget has taken it in. */
  async take(message: FromProcess, buffers: DataView[]): Promise<void> {
    const shaped = asKernelMessage(message, buffers);
    if (message.kind === 'close') {
      this.comms.close(this.comm_id);
      await this.onClose(shaped);
    } else {
      await this.onMessage(shaped);
    }
  }
}

/** A message in the form in which the widget library expects those of a kernel. */
export function asKernelMessage(message: FromProcess, buffers: DataView[]): Message {
  const content = { comm_id: message.comm, target_name: message.target ?? '', data: message.data };
  return {
    header: { msg_type: `comm_${message.kind}`, msg_id: String(message.seq) },
    parent_header: { msg_id: message.parent },
    metadata: message.metadata ?? {},
    content,
    buffers,
    channel: 'iopub',
  } as unknown as Message;
}
