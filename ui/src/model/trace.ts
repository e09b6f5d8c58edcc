// SPDX-License-Identifier: Apache-2.0
// A trace as the pages see it: spans with their resource and scope, times as nanoseconds.
import type { Duration, Time } from "../base/time";

export type AttributeValue =
  | string
  | bigint
  | number
  | boolean
  | null
  | { readonly bytes: string }
  | { readonly list: readonly AttributeValue[] }
  | { readonly map: readonly Attribute[] };

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

export interface Resource {
  readonly service: string;
  readonly attributes: readonly Attribute[];
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly Attribute[];
}

export interface SpanEvent {
  readonly time: Time;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly Attribute[];
}

export type SpanKind = "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";
export type StatusCode = "unset" | "ok" | "error";

export interface Span {
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: Time;
  readonly end: Time;
  readonly status: StatusCode;
  readonly statusMessage: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly resource: Resource;
  readonly scope: Scope;
}

export interface SearchAnswer {
  readonly traces: readonly TraceSummary[];
  /** What the server read to find them. */
  readonly bytesRead: number;
}

/** One row of the search result. */
export interface TraceSummary {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
  readonly start: Time;
  readonly duration: Duration;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly serviceCount: number;
  /** One without by(), one for each of its groups otherwise. */
  readonly spansets: readonly Spanset[];
}

/** Spans of a trace that match, the first few of them. */
export interface Spanset {
  readonly matched: number;
  readonly spans: readonly MatchedSpan[];
  /** What by() and aggregates say of all of them. */
  readonly attributes: readonly Attribute[];
}

export interface MatchedSpan {
  readonly spanId: string;
  readonly name: string;
  readonly start: Time;
  readonly duration: Duration;
  /** Those the query names. */
  readonly attributes: readonly Attribute[];
}

/** The id as people write it: a 64-bit id without its zeros. */
export function shortTraceId(traceId: string): string {
  return traceId.length === 32 && traceId.startsWith("0".repeat(16)) ? traceId.slice(16) : traceId;
}

/** An id typed by hand, in lower case; undefined when it is not one. */
export function parseTraceId(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  return /^[0-9a-f]{1,32}$/.test(id) && /[1-9a-f]/.test(id) ? id : undefined;
}

export function attributeText(value: AttributeValue): string {
  return typeof value === "string" ? value : nestedText(value);
}

function nestedText(value: AttributeValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if ("bytes" in value) return `bytes ${value.bytes}`;
  if ("list" in value) return `[${value.list.map(nestedText).join(", ")}]`;
  return `{${value.map.map(({ key, value: inner }) => `${JSON.stringify(key)}: ${nestedText(inner)}`).join(", ")}}`;
}

export function findAttribute(attributes: readonly Attribute[], ...keys: string[]): string | undefined {
  for (const key of keys) {
    const found = attributes.find((attribute) => attribute.key === key);
    if (found) return attributeText(found.value);
  }
  return undefined;
}
