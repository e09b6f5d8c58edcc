// SPDX-License-Identifier: Apache-2.0
// Finds the row of a span by its id among a million without a million texts: an open-addressed table of row
// numbers over the id column. Rows that share an id stand behind one another in it, in their order, and are
// told apart by a number: "00f067aa0ba902b7", "00f067aa0ba902b7~1".
import { kNoRow } from "./trace_columns";

const kFree = kNoRow;

export interface SpanIdTable {
  /** Row numbers; a power of two of them. */
  readonly slots: Uint32Array;
}

function hashOf(high: number, low: number): number {
  const hash = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function wordsOf(ids: Uint8Array): Uint32Array {
  return ids.byteOffset % 4 === 0 ? new Uint32Array(ids.buffer, ids.byteOffset, ids.length / 4) : new Uint32Array(ids.slice().buffer);
}

export function buildSpanIds(ids: Uint8Array): SpanIdTable {
  const words = wordsOf(ids);
  const count = words.length / 2;
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(8, count * 2)))).fill(kFree);
  for (let row = 0; row < count; ++row) {
    let slot = hashOf(words[2 * row]!, words[2 * row + 1]!) & (slots.length - 1);
    while (slots[slot] !== kFree) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = row;
  }
  return { slots };
}

/** The 16 digits of a row's id. */
export function spanIdAt(ids: Uint8Array, row: number): string {
  return hexOfBytes(ids.subarray(8 * row, 8 * row + 8));
}

export function hexOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

export class SpanIds {
  readonly #ids: Uint8Array;
  readonly #words: Uint32Array;
  readonly #slots: Uint32Array;

  constructor(ids: Uint8Array, { slots }: SpanIdTable) {
    this.#ids = ids;
    this.#words = wordsOf(ids);
    this.#slots = slots;
  }

  /** The row with that key; -1 when there is none. */
  find(key: string): number {
    const [, id, copy] = /^([0-9a-f]{1,16})(?:~(\d{1,6}))?$/.exec(key) ?? [];
    if (!id) return -1;
    const bytes = new Uint8Array(8);
    const digits = id.padStart(16, "0");
    for (let at = 0; at < 8; ++at) bytes[at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
    const [high, low] = new Uint32Array(bytes.buffer) as unknown as [number, number];
    let left = Number(copy ?? 0);
    for (const row of this.#rowsOf(high, low)) if (left-- === 0) return row;
    return -1;
  }

  /** Unique in the trace; the id unless several spans share it. */
  keyOf(row: number): string {
    const high = this.#words[2 * row]!;
    const low = this.#words[2 * row + 1]!;
    let copy = 0;
    for (const other of this.#rowsOf(high, low)) {
      if (other === row) break;
      ++copy;
    }
    const id = spanIdAt(this.#ids, row);
    return copy === 0 ? id : `${id}~${copy}`;
  }

  /** The first row whose id are these eight bytes; kNoRow when there is none. */
  firstWith(id: Uint8Array): number {
    const [high, low] = new Uint32Array(id.slice().buffer) as unknown as [number, number];
    for (const row of this.#rowsOf(high, low)) return row;
    return kFree;
  }

  /** The first of the rows that share the id of this one. */
  firstLike(row: number): number {
    for (const other of this.#rowsOf(this.#words[2 * row]!, this.#words[2 * row + 1]!)) return other;
    return row;
  }

  *#rowsOf(high: number, low: number): Iterable<number> {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(high, low) & mask; this.#slots[slot] !== kFree; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]!;
      if (this.#words[2 * row] === high && this.#words[2 * row + 1] === low) yield row;
    }
  }
}
