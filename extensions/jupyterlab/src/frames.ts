/** Server-sent events cut out of a stream of text; pure. */

export interface IFrame {
  /** The last id the stream has named; empty if it has named none. */
  id: string;
  /** The name of the event; `message` where it has none. */
  event: string;
  data: string;
}

/** Takes text in whatever pieces it comes. */
export class FrameReader {
  /** The frames that this piece completes. */
  push(piece: string): IFrame[] {
    this._rest += piece;
    const frames: IFrame[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this._rest);
      if (!end) {
        return frames;
      }
      const line = this._rest.slice(0, end.index);
      this._rest = this._rest.slice(end.index + end[0].length);
      const frame = this._take(line);
      if (frame) {
        frames.push(frame);
      }
    }
  }

  private _take(line: string): IFrame | null {
    if (line === '') {
      const frame = this._data.length
        ? {
            id: this._id,
            event: this._event || 'message',
            data: this._data.join('\n')
          }
        : this._event
          ? { id: this._id, event: this._event, data: '' }
          : null;
      this._event = '';
      this._data = [];
      return frame;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === 'data') {
      this._data.push(value);
    } else if (field === 'event') {
      this._event = value;
    } else if (field === 'id') {
      this._id = value;
    }
    return null;
  }

  private _rest = '';
  private _id = '';
  private _event = '';
  private _data: string[] = [];
}
