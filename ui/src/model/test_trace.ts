// SPDX-License-Identifier: Apache-2.0
// Traces for the unit tests, made the way the server makes them: rows depth first, then columns as bytes. And the
// demo's trace: seven spans of three services.
import { ShownTrace } from "./shown_trace";
import { readTraceColumns, type TraceColumns } from "./trace_columns";
import { prepareTrace } from "./trace_data";

export interface SpanSketch {
  readonly id: number;
  readonly parent?: number;
  readonly service?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly from: number;
  readonly to: number;
  readonly error?: boolean;
  readonly missing?: boolean;
  readonly peer?: string;
  readonly events?: readonly (readonly [at: number, name: string])[];
  /** Ids of spans of trace 1. */
  readonly links?: readonly number[];
}

const kNone = 0xffffffff;

interface Placed {
  readonly sketch: SpanSketch;
  readonly parent: number;
  readonly depth: number;
  subtree: number;
}

function placed(sketches: readonly SpanSketch[]): Placed[] {
  const rows: Placed[] = [];
  const visit = (id: number | undefined, parent: number, depth: number): number => {
    let count = 0;
    const children = sketches.filter((sketch) => sketch.parent === id).sort((a, b) => a.from - b.from || a.id - b.id);
    for (const sketch of children) {
      const row = rows.push({ sketch, parent, depth, subtree: 1 }) - 1;
      rows[row]!.subtree += visit(sketch.id, row, depth + 1);
      count += rows[row]!.subtree;
    }
    return count;
  };
  visit(undefined, kNone, 0);
  return rows;
}

class Bytes {
  readonly #columns: (readonly [number, Uint8Array])[] = [];

  add(id: number, values: Uint8Array | Uint32Array | Float64Array): void {
    this.#columns.push([id, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
  }

  finish(count: number, origin: bigint): ArrayBuffer {
    const size = this.#columns.reduce((sum, [, bytes]) => sum + 8 + Math.ceil(bytes.length / 8) * 8, 32);
    const buffer = new ArrayBuffer(size);
    const [view, all] = [new DataView(buffer), new Uint8Array(buffer)];
    all.set(new TextEncoder().encode("CLEWTRC\n"));
    view.setUint16(8, 1, true);
    view.setUint16(10, 1, true);
    view.setUint32(12, count, true);
    view.setBigInt64(16, origin, true);
    view.setUint32(24, this.#columns.length, true);
    let at = 32;
    for (const [id, bytes] of this.#columns) {
      view.setUint32(at, id, true);
      view.setUint32(at + 4, bytes.length, true);
      all.set(bytes, at + 8);
      at += 8 + Math.ceil(bytes.length / 8) * 8;
    }
    return buffer;
  }
}

/** docs/format/trace_columns.md, with an origin of 1000. */
export function columnBytes(sketches: readonly SpanSketch[]): ArrayBuffer {
  const rows = placed(sketches);
  const texts = [""];
  const text = (value: string): number => {
    const known = texts.indexOf(value);
    return known >= 0 ? known : texts.push(value) - 1;
  };
  const u32 = (value: (row: Placed) => number): Uint32Array => Uint32Array.from(rows, value);
  const bytes = new Bytes();
  bytes.add(1, Uint8Array.from(rows.flatMap(({ sketch }) => [0, 0, 0, 0, 0, 0, sketch.id >> 8, sketch.id & 255])));
  bytes.add(2, u32(({ parent }) => parent));
  bytes.add(3, u32(({ subtree }) => subtree));
  bytes.add(4, u32(({ depth }) => depth));
  bytes.add(5, Float64Array.from(rows, ({ sketch }) => sketch.from));
  bytes.add(6, Float64Array.from(rows, ({ sketch }) => sketch.to - sketch.from));
  bytes.add(7, u32(({ sketch }) => text(sketch.service ?? "service")));
  bytes.add(8, u32(({ sketch }) => text(sketch.name ?? `span ${sketch.id}`)));
  bytes.add(9, Uint8Array.from(rows, ({ sketch }) => sketch.kind ?? 1));
  bytes.add(10, Uint8Array.from(rows, ({ sketch }) => (sketch.error ? 2 : 0)));
  bytes.add(11, Uint8Array.from(rows, ({ sketch }) => Number(sketch.missing ?? false)));
  bytes.add(12, u32(({ sketch }) => text(sketch.peer ?? "")));
  bytes.add(13, u32(() => 0));
  const ends = (lengthOf: (sketch: SpanSketch) => number): Uint32Array => {
    let end = 0;
    return u32(({ sketch }) => (end += lengthOf(sketch)));
  };
  const events = rows.flatMap(({ sketch }) => sketch.events ?? []);
  const links = rows.flatMap(({ sketch }) => sketch.links ?? []);
  bytes.add(14, ends((sketch) => sketch.events?.length ?? 0));
  bytes.add(15, Float64Array.from(events, ([at]) => at));
  bytes.add(16, Uint32Array.from(events, ([, name]) => text(name)));
  bytes.add(17, ends((sketch) => sketch.links?.length ?? 0));
  bytes.add(18, Uint8Array.from(links.flatMap(() => [...new Array<number>(15).fill(0), 1])));
  bytes.add(19, Uint8Array.from(links.flatMap((id) => [0, 0, 0, 0, 0, 0, id >> 8, id & 255])));
  const encoded = texts.map((value) => new TextEncoder().encode(value));
  let end = 0;
  bytes.add(20, Uint32Array.from(encoded, ({ length }) => (end += length)));
  bytes.add(21, Uint8Array.from(encoded.flatMap((value) => [...value])));
  bytes.add(22, new TextEncoder().encode("a remark"));
  return bytes.finish(rows.length, 1000n);
}

export function sketchColumns(sketches: readonly SpanSketch[]): TraceColumns {
  const columns = readTraceColumns(columnBytes(sketches));
  if (!columns.ok) throw new Error(columns.error.message);
  return columns.value;
}

export function sketchTrace(sketches: readonly SpanSketch[]): ShownTrace {
  return new ShownTrace("1", prepareTrace(sketchColumns(sketches)));
}

/** In nanoseconds; out of order, as they arrive. */
export const kDemoSpans: readonly SpanSketch[] = [
  { id: 7, parent: 6, service: "uservice4", name: "database_call", from: 152_100_000, to: 1_238_000_000 },
  { id: 6, parent: 5, service: "uservice4", name: "handle_incoming_call", from: 151_900_000, to: 1_238_200_000 },
  { id: 5, parent: 4, service: "uservice3", name: "other_uservice_call", from: 150_400_000, to: 1_239_000_000 },
  { id: 4, parent: 3, service: "uservice3", name: "redis_call", from: 1_200_000, to: 1_239_200_000 },
  { id: 3, parent: 2, service: "uservice3", name: "handle_incoming_call", from: 900_000, to: 1_239_400_000, error: true },
  { id: 2, parent: 1, service: "traefik", name: "forward", from: 210_000, to: 1_239_800_000 },
  { id: 1, service: "traefik", name: "EntryPoint web", from: 0, to: 1_240_000_000 },
];
