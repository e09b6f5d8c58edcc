// SPDX-License-Identifier: Apache-2.0
// Decodes the JSON of a trace: OTLP's shape, ids in base64, 64-bit numbers as text, fields of value zero
// left out. /api/traces/{id} has `batches` for `resourceSpans`, /api/v2/traces/{id} puts it in an envelope.
import { timeFromText } from "../base/time";
import type { Resource, Scope, Span, SpanEvent, SpanKind, SpanLink, StatusCode } from "../model/trace";
import { decodeAttributes } from "./attribute_json";
import { type Json, listOf, objectOf, textOf } from "./json";

const kKinds: readonly SpanKind[] = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const kCodes: readonly StatusCode[] = ["unset", "ok", "error"];

export interface TraceAnswer {
  readonly spans: readonly Span[];
  /** What the server says about the answer: that equal copies of spans were folded. Empty for nothing. */
  readonly message: string;
}

export function decodeTraceAnswer(json: unknown): TraceAnswer {
  return { spans: decodeTrace(json), message: textOf(objectOf(json)["message"]) };
}

export function decodeTrace(json: unknown): readonly Span[] {
  const body = objectOf(json);
  const trace = "trace" in body ? objectOf(body["trace"]) : body;
  const batches = listOf(trace["batches"] ?? trace["resourceSpans"]);
  return batches.map(objectOf).flatMap((batch) => {
    const resource = decodeResource(objectOf(batch["resource"]));
    return listOf(batch["scopeSpans"] ?? batch["instrumentationLibrarySpans"])
      .map(objectOf)
      .flatMap((group) => {
        const scope = decodeScope(objectOf(group["scope"]));
        return listOf(group["spans"]).map((span) => decodeSpan(objectOf(span), resource, scope));
      });
  });
}

function decodeResource(json: Json): Resource {
  const attributes = decodeAttributes(json["attributes"]);
  const name = attributes.find(({ key }) => key === "service.name")?.value;
  return { service: typeof name === "string" && name !== "" ? name : "unknown_service", attributes };
}

function decodeScope(json: Json): Scope {
  return {
    name: textOf(json["name"]),
    version: textOf(json["version"]),
    attributes: decodeAttributes(json["attributes"]),
  };
}

function decodeSpan(json: Json, resource: Resource, scope: Scope): Span {
  const status = objectOf(json["status"]);
  return {
    spanId: hexOf(json["spanId"]),
    parentId: hexOf(json["parentSpanId"]),
    name: textOf(json["name"]),
    kind: enumOf(json["kind"], "SPAN_KIND_", kKinds),
    start: timeFromText(json["startTimeUnixNano"]),
    end: timeFromText(json["endTimeUnixNano"]),
    status: enumOf(status["code"], "STATUS_CODE_", kCodes),
    statusMessage: textOf(status["message"]),
    attributes: decodeAttributes(json["attributes"]),
    events: listOf(json["events"]).map((event) => decodeEvent(objectOf(event))),
    links: listOf(json["links"]).map((link) => decodeLink(objectOf(link))),
    resource,
    scope,
  };
}

function decodeEvent(json: Json): SpanEvent {
  return {
    time: timeFromText(json["timeUnixNano"]),
    name: textOf(json["name"]),
    attributes: decodeAttributes(json["attributes"]),
  };
}

function decodeLink(json: Json): SpanLink {
  return {
    traceId: hexOf(json["traceId"]),
    spanId: hexOf(json["spanId"]),
    attributes: decodeAttributes(json["attributes"]),
  };
}

/** Protobuf's JSON writes an enum by name or by number. */
function enumOf<T extends string>(value: unknown, prefix: string, names: readonly [T, ...T[]] | readonly T[]): T {
  const zero = names[0] as T;
  if (typeof value === "number") return names[value] ?? zero;
  const name = textOf(value).replace(prefix, "").toLowerCase();
  return names.find((candidate) => candidate === name) ?? zero;
}

/** An id in hex. It comes in base64; 16 or 32 hex digits are taken as they are. An id of zeros is none. */
export function hexOf(value: unknown): string {
  const text = textOf(value);
  const hex = /^([0-9a-f]{16}|[0-9a-f]{32})$/.test(text) ? text : hexFromBase64(text);
  return /[^0]/.test(hex) ? hex : "";
}

function hexFromBase64(text: string): string {
  try {
    return [...atob(text)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}
