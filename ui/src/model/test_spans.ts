// SPDX-License-Identifier: Apache-2.0
// Spans for the unit tests, and the demo's trace: seven spans of three services.
import { timeFromText } from "../base/time";
import type { Span } from "./trace";

export interface SpanSketch {
  readonly id: string;
  readonly parent?: string;
  readonly service?: string;
  readonly name?: string;
  readonly from: number;
  readonly to: number;
  readonly error?: boolean;
}

export function sketchSpan(sketch: SpanSketch): Span {
  return {
    spanId: sketch.id,
    parentId: sketch.parent ?? "",
    name: sketch.name ?? sketch.id,
    kind: "internal",
    start: timeFromText(String(sketch.from)),
    end: timeFromText(String(sketch.to)),
    status: sketch.error ? "error" : "unset",
    statusMessage: "",
    attributes: [],
    events: [],
    links: [],
    resource: { service: sketch.service ?? "service", attributes: [] },
    scope: { name: "", version: "", attributes: [] },
  };
}

/** In nanoseconds; out of order, as they arrive. */
export const kDemoSpans: readonly Span[] = [
  { id: "7", parent: "6", service: "uservice4", name: "database_call", from: 152_100_000, to: 1_238_000_000 },
  { id: "6", parent: "5", service: "uservice4", name: "handle_incoming_call", from: 151_900_000, to: 1_238_200_000 },
  { id: "5", parent: "4", service: "uservice3", name: "other_uservice_call", from: 150_400_000, to: 1_239_000_000 },
  { id: "4", parent: "3", service: "uservice3", name: "redis_call", from: 1_200_000, to: 1_239_200_000 },
  { id: "3", parent: "2", service: "uservice3", name: "handle_incoming_call", from: 900_000, to: 1_239_400_000, error: true },
  { id: "2", parent: "1", service: "traefik", name: "forward", from: 210_000, to: 1_239_800_000 },
  { id: "1", service: "traefik", name: "EntryPoint web", from: 0, to: 1_240_000_000 },
].map(sketchSpan);
