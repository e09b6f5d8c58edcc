// SPDX-License-Identifier: Apache-2.0
// Decodes the answers of /api/search and of the tags.
import { durationFromMillis, durationFromText, timeFromText } from "../base/time";
import type { MatchedSpan, SearchAnswer, Spanset, TraceSummary } from "../model/trace";
import { decodeAttributes } from "./attribute_json";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";

export function decodeSearch(json: unknown): SearchAnswer {
  const { traces, metrics } = objectOf(json);
  return {
    traces: listOf(traces).map((trace) => decodeSummary(objectOf(trace))),
    bytesRead: numberOf(objectOf(metrics)["inspectedBytes"]),
  };
}

function decodeSummary(json: Json): TraceSummary {
  const services = Object.values(objectOf(json["serviceStats"])).map(objectOf);
  const sum = (field: string): number => services.reduce((total, stats) => total + numberOf(stats[field]), 0);
  return {
    traceId: textOf(json["traceID"]),
    service: textOf(json["rootServiceName"]),
    name: textOf(json["rootTraceName"]),
    start: timeFromText(json["startTimeUnixNano"]),
    duration: durationFromMillis(numberOf(json["durationMs"])),
    spanCount: sum("spanCount"),
    errorCount: sum("errorCount"),
    serviceCount: services.length,
    spansets: listOf(json["spanSets"]).map((spanset) => decodeSpanset(objectOf(spanset))),
  };
}

function decodeSpanset(json: Json): Spanset {
  const spans = listOf(json["spans"]).map((span) => decodeSpan(objectOf(span)));
  return {
    matched: Math.max(numberOf(json["matched"]), spans.length),
    spans,
    attributes: decodeAttributes(json["attributes"]),
  };
}

function decodeSpan(json: Json): MatchedSpan {
  return {
    spanId: textOf(json["spanID"]),
    name: textOf(json["name"]),
    start: timeFromText(json["startTimeUnixNano"]),
    duration: durationFromText(json["durationNanos"]),
    attributes: decodeAttributes(json["attributes"]),
  };
}

/** A value and what it is: "string", "int", "keyword" and so on. */
export interface TagValue {
  readonly type: string;
  readonly value: string;
}

export function decodeTagValues(json: unknown): readonly TagValue[] {
  const values = listOf(objectOf(json)["tagValues"]).map((value) => {
    const { type, value: text } = objectOf(value);
    return { type: textOf(type), value: textOf(text) };
  });
  return values.filter(({ value }) => value !== "").sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** A value of a field, and the traces that have a matching span with it. */
export interface ValueTraces extends TagValue {
  readonly traces: number;
  /** Of how long they took. */
  readonly p95Seconds: number;
}

/** The most frequent first. */
export function decodeValueTraces(json: unknown): readonly ValueTraces[] {
  return listOf(objectOf(json)["values"]).map(objectOf).map(({ type, value, traces, p95Seconds }) => (
    { type: textOf(type), value: textOf(value), traces: numberOf(traces), p95Seconds: numberOf(p95Seconds) }
  ));
}

/** A name, and how many spans have it. */
export interface CountedName {
  readonly text: string;
  readonly spans: number;
}

/** Names as TraceQL writes them, the most frequent first. */
export function decodeCountedNames(json: unknown): readonly CountedName[] {
  return listOf(objectOf(json)["tags"]).map(objectOf).map(({ scope, name, spans }) => (
    { text: `${textOf(scope)}.${writtenName(textOf(name))}`, spans: numberOf(spans) }
  ));
}

/** Every attribute name in its scope, as TraceQL writes it. */
export function decodeTagNames(json: unknown): readonly string[] {
  return listOf(objectOf(json)["scopes"]).flatMap((scope) => {
    const { name, tags } = objectOf(scope);
    if (name === "intrinsic") return [];
    return listOf(tags).map((tag) => `${textOf(name)}.${writtenName(textOf(tag))}`);
  });
}

/** Names with signs of the language in them are quoted. */
function writtenName(name: string): string {
  return /[\s{}()=~!<>&|^,"]/.test(name) ? `"${name.replace(/[\\"]/g, "\\$&")}"` : name;
}
