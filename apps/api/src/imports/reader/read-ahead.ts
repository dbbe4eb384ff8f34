/**
 * Takes from a source before it is asked, up to a number of items: what reads goes on while what writes is waited for.
 *
 * A fault of the source is told where its item would have been. Whoever does not read to the end closes it.
 */
export class ReadAhead<T> {
  readonly #source: AsyncGenerator<T>;
  readonly #capacity: number;
  readonly #items: T[] = [];
  #ended = false;
  #fault: { readonly error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeTaker: (() => void) | undefined;

  constructor(source: AsyncGenerator<T>, capacity: number) {
    this.#source = source;
    this.#capacity = capacity;
    void this.#fill();
  }

  async #fill(): Promise<void> {
    try {
      for await (const item of this.#source) {
        this.#items.push(item);
        this.#wakeTaker?.();
        while (this.#items.length >= this.#capacity && !this.#ended)
          await new Promise<void>((go) => {
            this.#wakeReader = go;
          });
        if (this.#ended) return;
      }
    } catch (error) {
      this.#fault = { error };
    } finally {
      this.#ended = true;
      this.#wakeTaker?.();
    }
  }

  /** The next item; undefined at the end. */
  async take(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#ended)
      await new Promise<void>((go) => {
        this.#wakeTaker = go;
      });
    const item = this.#items.shift();
    this.#wakeReader?.();
    if (item === undefined && this.#fault) throw this.#fault.error;
    return item;
  }

  /** Stops reading; what was read and not taken is forgotten. */
  close(): void {
    this.#ended = true;
    this.#items.length = 0;
    this.#wakeReader?.();
  }
}
