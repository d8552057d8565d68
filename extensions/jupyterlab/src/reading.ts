/**
 * What is read from the server again and again. Answers may overtake each other on their way: an older one never takes
 * the place of a newer one.
 */
export class Reading<T> {
  constructor(
    private _ask: () => Promise<T>,
    private _take: (answer: T) => void
  ) {}

  /** Resolves once this answer or a newer one was taken; rejects with the reason why the newest could not be had. */
  read(): Promise<void> {
    const mine = ++this._begun;
    const done = this._ask().then(
      answer => {
        if (mine <= this._taken) {
          return this._newest;
        }
        this._taken = mine;
        this._take(answer);
        return undefined;
      },
      (error: unknown) => {
        if (mine < this._begun) {
          return this._newest;
        }
        throw error;
      }
    );
    this._newest = done;
    return done;
  }

  /** After a change: answers that are on their way may tell of what was before it, and do not count. */
  readAnew(): Promise<void> {
    this._taken = this._begun;
    return this.read();
  }

  private _begun = 0;
  private _taken = 0;
  private _newest: Promise<void> = Promise.resolve();
}
