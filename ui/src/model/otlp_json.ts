// SPDX-License-Identifier: Apache-2.0
// Spans as OTLP's JSON: ids in hex, 64-bit numbers as text. Any OTLP receiver over HTTP takes it.
import type { Attribute, AttributeValue, Span } from "./trace";

type Json = Readonly<Record<string, unknown>>;

const kKindNumbers = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const kStatusNumbers = ["unset", "ok", "error"];

export function spanJson(span: Span, traceId: string): Json {
  const { events, links, attributes, status, statusMessage } = span;
  return {
    traceId: traceId.padStart(32, "0"),
    spanId: span.spanId,
    ...(span.parentId ? { parentSpanId: span.parentId } : {}),
    name: span.name,
    kind: kKindNumbers.indexOf(span.kind),
    startTimeUnixNano: String(span.start),
    endTimeUnixNano: String(span.end),
    ...listed("attributes", attributes.map(attributeJson)),
    ...listed("events", events.map(({ time, name, attributes: own }) => ({ timeUnixNano: String(time), name, ...listed("attributes", own.map(attributeJson)) }))),
    ...listed("links", links.map(({ attributes: own, ...link }) => ({ ...link, ...listed("attributes", own.map(attributeJson)) }))),
    status: { ...(status === "unset" ? {} : { code: kStatusNumbers.indexOf(status) }), ...(statusMessage ? { message: statusMessage } : {}) },
  };
}

function listed(name: string, values: readonly unknown[]): Json {
  return values.length > 0 ? { [name]: values } : {};
}

function attributeJson({ key, value }: Attribute): Json {
  return { key, value: valueJson(value) };
}

function valueJson(value: AttributeValue): Json {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "bigint") return { intValue: String(value) };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return { doubleValue: Number.isFinite(value) ? value : String(value) };
  if ("bytes" in value) return { bytesValue: value.bytes };
  if ("list" in value) return { arrayValue: { values: value.list.map(valueJson) } };
  return { kvlistValue: { values: value.map.map(attributeJson) } };
}

/** Spans that stand behind one another with the same resource and scope are put together. */
export function otlpJson(spans: readonly Span[], traceId: string): Json {
  const resources: { of: Span; scopes: { of: Span; spans: Json[] }[] }[] = [];
  for (const span of spans) {
    let resource = resources.at(-1);
    if (resource?.of.resource !== span.resource) resources.push((resource = { of: span, scopes: [] }));
    let scope = resource.scopes.at(-1);
    if (scope?.of.scope !== span.scope) resource.scopes.push((scope = { of: span, spans: [] }));
    scope.spans.push(spanJson(span, traceId));
  }
  return {
    resourceSpans: resources.map(({ of, scopes }) => ({
      resource: listed("attributes", of.resource.attributes.map(attributeJson)),
      scopeSpans: scopes.map(({ of: { scope }, spans: own }) => ({
        scope: { name: scope.name, version: scope.version, ...listed("attributes", scope.attributes.map(attributeJson)) },
        spans: own,
      })),
    })),
  };
}
