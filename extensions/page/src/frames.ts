/**
 * Messages as WebSocket frames: text is JSON; binary is `u32 n | n × u32 length | parts`, big-endian, the first part the
 * JSON and the others its buffers.
 */

export type Binary = ArrayBuffer | ArrayBufferView;

function bytes(part: Binary): Uint8Array {
  return part instanceof ArrayBuffer ? new Uint8Array(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

/** A message as a frame to send. */
export function packed(message: object, buffers: readonly Binary[] = []): string | ArrayBuffer {
  const json = JSON.stringify(message);
  if (buffers.length === 0) {
    return json;
  }
  const parts = [new TextEncoder().encode(json), ...buffers.map(bytes)];
  const head = 4 * (1 + parts.length);
  const frame = new Uint8Array(parts.reduce((size, part) => size + part.length, head));
  const view = new DataView(frame.buffer);
  view.setUint32(0, parts.length);
  let offset = head;
  parts.forEach((part, index) => {
    view.setUint32(4 * (index + 1), part.length);
    frame.set(part, offset);
    offset += part.length;
  });
  return frame.buffer;
}

/** The message and the buffers of a frame that came; each has memory of its own, since some widgets read all of that. */
export function unpacked<T>(frame: string | ArrayBuffer): { message: T; buffers: DataView[] } {
  if (typeof frame === 'string') {
    return { message: JSON.parse(frame) as T, buffers: [] };
  }
  const view = new DataView(frame);
  const count = view.getUint32(0);
  let offset = 4 * (1 + count);
  const parts: DataView[] = [];
  for (let index = 0; index < count; index++) {
    const length = view.getUint32(4 * (index + 1));
    parts.push(new DataView(frame.slice(offset, offset + length)));
    offset += length;
  }
  return { message: JSON.parse(new TextDecoder().decode(parts[0])) as T, buffers: parts.slice(1) };
}
