// SPDX-License-Identifier: Apache-2.0
// A trace as columns, docs/format/trace_columns.md: shape, times and names of all its spans, depth first. The
// numbers are read where they lie; whatever is not as the page says is an error, never a wrong drawing.
import { failure, type Result, success } from "../base/result";
import { type Time, timeFromNanos } from "../base/time";
import type { TextBytes } from "./text_table";

export const kNoRow = 0xffffffff;
export const kErrorStatus = 2;
export const kParentMissing = 1;

export interface TraceColumns {
  readonly count: number;
  readonly origin: Time;
  /** Eight bytes each. */
  readonly spanId: Uint8Array;
  readonly parent: Uint32Array;
  /** How many rows a span and all below it are. */
  readonly subtree: Uint32Array;
  /** 0 for what has no parent. */
  readonly depth: Uint32Array;
  /** Nanoseconds since the origin, and of length. */
  readonly start: Float64Array;
  readonly duration: Float64Array;
  /** Numbers of texts. */
  readonly service: Uint32Array;
  readonly name: Uint32Array;
  readonly peer: Uint32Array;
  readonly statusMessage: Uint32Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly marks: Uint8Array;
  /** The events of a row are those from the end of the row before. */
  readonly eventEnd: Uint32Array;
  readonly eventTime: Float64Array;
  readonly eventName: Uint32Array;
  readonly linkEnd: Uint32Array;
  readonly linkTraceId: Uint8Array;
  readonly linkSpanId: Uint8Array;
  readonly texts: TextBytes;
  /** What the server says beside the spans; empty for nothing. */
  readonly remark: string;
}

const kMagic = "CLEWTRC\n";
const kReader = 1;
const kHeadBytes = 32;

/** The columns by id, as they lie in the answer. */
function columnsOf(buffer: ArrayBuffer): Map<number, DataView> | string {
  if (buffer.byteLength < kHeadBytes) return "it is too short";
  const view = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 8));
  if (magic !== kMagic) return "it does not begin as columns do";
  if (view.getUint16(10, true) > kReader) return "it is of a newer format; reload the page";
  const columns = new Map<number, DataView>();
  for (let at = kHeadBytes; at < buffer.byteLength; ) {
    if (at + 8 > buffer.byteLength) return "it ends within a column";
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > buffer.byteLength) return "it ends within a column";
    columns.set(view.getUint32(at, true), new DataView(buffer, at + 8, size));
    at += 8 + Math.ceil(size / 8) * 8;
  }
  return columns.size === view.getUint32(24, true) ? columns : "columns are missing";
}

interface Numbers<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
}

/** Takes columns out one after the other and notes what is wrong. */
class Reader {
  wrong = "";
  readonly #columns: Map<number, DataView>;

  constructor(columns: Map<number, DataView>) {
    this.#columns = columns;
  }

  take<T>(id: number, type: Numbers<T>, count?: number): T {
    const bytes = this.#columns.get(id);
    const length = (bytes?.byteLength ?? 0) / type.BYTES_PER_ELEMENT;
    if (!bytes || !Number.isInteger(length) || (count !== undefined && length !== count)) {
      this.wrong ||= `column ${id} is of another length`;
      return new type(new ArrayBuffer(0), 0, 0);
    }
    return new type(bytes.buffer as ArrayBuffer, bytes.byteOffset, length);
  }

  /** Each value is below `limit`, or none at all. */
  check(values: Uint32Array, limit: number, none?: number): void {
    for (const value of values) if (value >= limit && value !== none) this.wrong ||= "a number is out of range";
  }

  /** They rise up to `limit`. */
  checkEnds(ends: Uint32Array, limit: number): void {
    let last = 0;
    for (const end of ends) {
      if (end < last) this.wrong ||= "ends fall";
      last = end;
    }
    if (last !== limit) this.wrong ||= "an end is out of range";
  }
}

export function readTraceColumns(buffer: ArrayBuffer): Result<TraceColumns> {
  const found = columnsOf(buffer);
  if (typeof found === "string") return failure(`the answer is no trace: ${found}`);
  const head = new DataView(buffer);
  const count = head.getUint32(12, true);
  const reader = new Reader(found);
  const columns = takeColumns(reader, count, timeFromNanos(head.getBigInt64(16, true)));
  if (!reader.wrong) checkColumns(reader, columns);
  return reader.wrong ? failure(`the answer is no trace: ${reader.wrong}`) : success(columns);
}

function takeColumns(reader: Reader, count: number, origin: Time): TraceColumns {
  const eventTime = reader.take(15, Float64Array);
  const linkSpanId = reader.take(19, Uint8Array);
  return {
    count,
    origin,
    spanId: reader.take(1, Uint8Array, count * 8),
    parent: reader.take(2, Uint32Array, count),
    subtree: reader.take(3, Uint32Array, count),
    depth: reader.take(4, Uint32Array, count),
    start: reader.take(5, Float64Array, count),
    duration: reader.take(6, Float64Array, count),
    service: reader.take(7, Uint32Array, count),
    name: reader.take(8, Uint32Array, count),
    kind: reader.take(9, Uint8Array, count),
    status: reader.take(10, Uint8Array, count),
    marks: reader.take(11, Uint8Array, count),
    peer: reader.take(12, Uint32Array, count),
    statusMessage: reader.take(13, Uint32Array, count),
    eventEnd: reader.take(14, Uint32Array, count),
    eventTime,
    eventName: reader.take(16, Uint32Array, eventTime.length),
    linkEnd: reader.take(17, Uint32Array, count),
    linkTraceId: reader.take(18, Uint8Array, linkSpanId.length * 2),
    linkSpanId,
    texts: { ends: reader.take(20, Uint32Array), bytes: reader.take(21, Uint8Array) },
    remark: new TextDecoder().decode(reader.take(22, Uint8Array)),
  };
}

function checkColumns(reader: Reader, columns: TraceColumns): void {
  const { count, parent, subtree, depth, texts } = columns;
  if (count === 0 || texts.ends.length === 0) reader.wrong ||= "it has no span";
  for (const numbers of [columns.service, columns.name, columns.peer, columns.statusMessage, columns.eventName]) {
    reader.check(numbers, texts.ends.length);
  }
  reader.checkEnds(texts.ends, texts.bytes.length);
  reader.checkEnds(columns.eventEnd, columns.eventTime.length);
  reader.checkEnds(columns.linkEnd, columns.linkSpanId.length / 8);
  for (let row = 0; row < count; ++row) {
    const above = parent[row]!;
    const inside = above === kNoRow ? row + subtree[row]! <= count : above < row && row + subtree[row]! <= above + subtree[above]!;
    const level = above === kNoRow ? 0 : (depth[above] ?? 0) + 1;
    if (!inside || subtree[row] === 0 || depth[row] !== level) {
      reader.wrong ||= "its spans make no tree";
      return;
    }
  }
}
