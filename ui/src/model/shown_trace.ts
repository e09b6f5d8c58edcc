// SPDX-License-Identifier: Apache-2.0
// A prepared trace as the page asks it: names for numbers, rows for ids.
import { type Unit, unitForTrace } from "../base/format";
import { type Time, timeAfter } from "../base/time";
import { colorClass, kRestColor } from "./service_color";
import { spanIdAt, SpanIds } from "./span_ids";
import { TextTable } from "./text_table";
import { kErrorStatus, kNoRow, kParentMissing } from "./trace_columns";
import type { TraceData } from "./trace_data";
import { TraceLinks } from "./trace_links";

export interface RowEvent {
  readonly at: number;
  readonly name: string;
}

const kKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;

export class ShownTrace {
  readonly data: TraceData;
  readonly traceId: string;
  readonly unit: Unit;
  readonly texts: TextTable;
  readonly #ids: SpanIds;
  #links: TraceLinks | undefined;

  constructor(traceId: string, data: TraceData) {
    this.traceId = traceId;
    this.data = data;
    this.unit = unitForTrace(data.length);
    this.texts = new TextTable(data.columns.texts);
    this.#ids = new SpanIds(data.columns.spanId, data.ids);
  }

  get count(): number {
    return this.data.columns.count;
  }
  name(row: number): string {
    return this.texts.at(this.data.columns.name[row]!);
  }
  service(row: number): string {
    return this.texts.at(this.data.columns.service[row]!) || "unknown_service";
  }
  /** "payment SELECT account". */
  label(row: number): string {
    return `${this.service(row)} ${this.name(row)}`;
  }
  peer(row: number): string {
    return this.texts.at(this.data.columns.peer[row]!);
  }
  statusMessage(row: number): string {
    return this.texts.at(this.data.columns.statusMessage[row]!);
  }
  kind(row: number): string {
    return kKinds[this.data.columns.kind[row]!] ?? kKinds[0];
  }
  color(row: number): number {
    return this.data.colors.get(this.data.columns.service[row]!) ?? kRestColor;
  }
  colorClass(row: number): string {
    return colorClass(this.color(row));
  }
  /** Of a service of the trace; the grey of the rest for others. */
  classOfService(service: string): string {
    for (const [text, color] of this.data.colors) if (this.texts.at(text) === service) return colorClass(color);
    return colorClass(kRestColor);
  }
  failed(row: number): boolean {
    return this.data.columns.status[row] === kErrorStatus;
  }
  orphan(row: number): boolean {
    return (this.data.columns.marks[row]! & kParentMissing) !== 0;
  }
  start(row: number): number {
    return this.data.columns.start[row]!;
  }
  duration(row: number): number {
    return this.data.columns.duration[row]!;
  }
  end(row: number): number {
    return this.start(row) + this.duration(row);
  }
  timeOf(nanos: number): Time {
    return timeAfter(this.data.columns.origin, nanos);
  }
  /** -1 for what has none. */
  parent(row: number): number {
    const above = this.data.columns.parent[row]!;
    return above === kNoRow ? -1 : above;
  }
  /** How many are below it. */
  descendants(row: number): number {
    return this.data.columns.subtree[row]! - 1;
  }
  children(row: number): readonly number[] {
    const { subtree } = this.data.columns;
    const found: number[] = [];
    for (let child = row + 1; child < row + subtree[row]!; child += subtree[child]!) found.push(child);
    return found;
  }
  keyOf(row: number): string {
    return this.#ids.keyOf(row);
  }
  spanId(row: number): string {
    return spanIdAt(this.data.columns.spanId, row);
  }
  /** -1 when there is none. */
  find(key: string): number {
    return this.#ids.find(key);
  }
  events(row: number): readonly RowEvent[] {
    const { eventEnd, eventTime, eventName } = this.data.columns;
    const events: RowEvent[] = [];
    for (let at = row === 0 ? 0 : eventEnd[row - 1]!; at < eventEnd[row]!; ++at) {
      events.push({ at: eventTime[at]!, name: this.texts.at(eventName[at]!) });
    }
    return events;
  }
  /** Found when they are first asked for. */
  get links(): TraceLinks {
    return (this.#links ??= new TraceLinks(this.data.columns, this.#ids, this.traceId));
  }
}
