// SPDX-License-Identifier: Apache-2.0
// Texts by number, decoded when they are first asked for: a trace may have 100 000 of them, and a page shows
// a few. What crosses between threads are the bytes.

export interface TextBytes {
  /** Where each text ends; text 0 is empty. */
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

export class TextTable {
  readonly #from: TextBytes;
  readonly #known: (string | undefined)[] = [];
  readonly #decoder = new TextDecoder();

  constructor(from: TextBytes) {
    this.#from = from;
  }

  get count(): number {
    return this.#from.ends.length;
  }

  at(number: number): string {
    const known = this.#known[number];
    if (known !== undefined) return known;
    const { ends, bytes } = this.#from;
    const end = ends[number] ?? 0;
    const text = this.#decoder.decode(bytes.subarray(number > 0 ? ends[number - 1] : 0, end));
    this.#known[number] = text;
    return text;
  }
}
