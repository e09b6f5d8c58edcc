// SPDX-License-Identifier: Apache-2.0
// Spans as Jaeger's JSON, as its page reads a file: microseconds, tags with types, processes by name.
import { kMicrosecond } from "../base/time";
import { type Attribute, type AttributeValue, attributeText, type Span } from "./trace";

type Json = Readonly<Record<string, unknown>>;

function tag({ key, value }: Attribute): Json {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? { key, type: "int64", value: Number(value) } : { key, type: "string", value: String(value) };
  }
  if (typeof value === "number") return { key, type: "float64", value };
  if (typeof value === "boolean") return { key, type: "bool", value };
  return { key, type: "string", value: attributeText(value) };
}

const micros = (nanos: bigint): number => Number(nanos / BigInt(kMicrosecond)) + Number(nanos % BigInt(kMicrosecond)) / kMicrosecond;
const text = (key: string, value: AttributeValue): Attribute => ({ key, value });

function tagsOf({ attributes, kind, status, statusMessage, scope }: Span): readonly Json[] {
  return [
    ...attributes,
    ...(kind === "unspecified" ? [] : [text("span.kind", kind)]),
    ...(scope.name ? [text("otel.scope.name", scope.name)] : []),
    ...(status === "unset" ? [] : [text("otel.status_code", status.toUpperCase())]),
    ...(status === "error" ? [text("error", true)] : []),
    ...(statusMessage ? [text("otel.status_description", statusMessage)] : []),
  ].map(tag);
}

export function jaegerJson(spans: readonly Span[], traceId: string): Json {
  const traceID = traceId.padStart(32, "0");
  const processes = new Map<Span["resource"], string>();
  const processOf = (span: Span): string => {
    const known = processes.get(span.resource) ?? `p${processes.size + 1}`;
    processes.set(span.resource, known);
    return known;
  };
  const converted = spans.map((span) => ({
    traceID,
    spanID: span.spanId,
    operationName: span.name,
    references: [
      ...(span.parentId ? [{ refType: "CHILD_OF", traceID, spanID: span.parentId }] : []),
      ...span.links.map((link) => ({ refType: "FOLLOWS_FROM", traceID: link.traceId, spanID: link.spanId })),
    ],
    startTime: Math.floor(micros(span.start)),
    duration: Math.round(micros(span.end > span.start ? span.end - span.start : 0n)),
    tags: tagsOf(span),
    logs: span.events.map(({ time, name, attributes }) => ({ timestamp: Math.floor(micros(time)), fields: [text("event", name), ...attributes].map(tag) })),
    processID: processOf(span),
    warnings: null,
  }));
  const named = [...processes].map(([{ service, attributes }, id]) => [
    id,
    { serviceName: service, tags: attributes.filter(({ key }) => key !== "service.name").map(tag) },
  ]);
  return { data: [{ traceID, spans: converted, processes: Object.fromEntries(named), warnings: null }] };
}
