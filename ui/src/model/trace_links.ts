// SPDX-License-Identifier: Apache-2.0
// Which spans of a trace its links join. Of spans that share an id, the first stands for all.
import type { SpanIds } from "./span_ids";
import { kNoRow, type TraceColumns } from "./trace_columns";

export class TraceLinks {
  readonly #columns: TraceColumns;
  readonly #ids: SpanIds;
  /** By link. */
  readonly #target: Uint32Array;
  /** By row; nothing in a trace whose links all lead elsewhere. */
  readonly #linkedCount: Uint32Array;

  constructor(columns: TraceColumns, ids: SpanIds, traceId: string) {
    const { count, linkSpanId, linkTraceId } = columns;
    const digits = traceId.padStart(32, "0");
    const ownId = Array.from({ length: 16 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
    this.#columns = columns;
    this.#ids = ids;
    this.#target = new Uint32Array(linkSpanId.length / 8).fill(kNoRow);
    for (let link = 0; link < this.#target.length; ++link) {
      if (ownId.some((byte, at) => linkTraceId[16 * link + at] !== byte)) continue;
      this.#target[link] = ids.firstWith(linkSpanId.subarray(8 * link, 8 * link + 8));
    }
    this.#linkedCount = new Uint32Array(this.#target.some((row) => row !== kNoRow) ? count : 0);
    for (const row of this.#target) if (row !== kNoRow) ++this.#linkedCount[row]!;
  }

  /** How many links a span has, those to other traces too. */
  countOf(row: number): number {
    return this.#columns.linkEnd[row]! - this.#firstOf(row);
  }

  /** How many links of this trace name it. */
  countTo(row: number): number {
    return this.#linkedCount.length === 0 ? 0 : this.#linkedCount[this.#ids.firstLike(row)]!;
  }

  /** The rows of this trace that its links name. */
  from(row: number): readonly number[] {
    const targets = this.#target.subarray(this.#firstOf(row), this.#columns.linkEnd[row]!);
    return [...new Set(targets)].filter((target) => target !== kNoRow);
  }

  /** The rows whose links name this one. */
  to(row: number): readonly number[] {
    if (this.countTo(row) === 0) return [];
    const { count, linkEnd } = this.#columns;
    const wanted = this.#ids.firstLike(row);
    const found: number[] = [];
    for (let other = 0, link = 0; other < count; ++other) {
      const named = this.#target.subarray(link, linkEnd[other]!).includes(wanted);
      if (named) found.push(other);
      link = linkEnd[other]!;
    }
    return found;
  }

  #firstOf(row: number): number {
    return row === 0 ? 0 : this.#columns.linkEnd[row - 1]!;
  }
}
