// SPDX-License-Identifier: Apache-2.0
// Decodes the answer of /api/clew/v1/trace/{id}/ledger.
import { kThinSpace } from "../base/format";
import type { Ledger, LedgerCategory, LedgerRow, VerdictKind, VerdictPart } from "../model/ledger";
import { type UsualSpans, type UsualTrace, usualKey } from "../model/usual";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";

const kCategories: readonly LedgerCategory[] = ["self", "network", "callee", "wait", "idle", "missing"];
const kVerdictKinds: readonly VerdictKind[] = ["total", "plain", "row", "rest", "error"];

export function decodeLedger(json: unknown): Ledger {
  const body = objectOf(json);
  const rest = objectOf(body["rest"]);
  return {
    durationNanos: numberOf(body["durationNanos"]),
    rows: listOf(body["rows"]).map((row) => decodeRow(objectOf(row))),
    rest: { rows: numberOf(rest["rows"]), nanos: numberOf(rest["nanos"]), share: numberOf(rest["share"]) },
    verdict: decodeVerdict(body),
    notes: decodeNotes(body),
    usual: body["usual"] ? decodeUsual(objectOf(body["usual"])) : undefined,
    skewedServers: objectOf(body["skew"])["corrected"] === true ? 0 : numberOf(objectOf(body["skew"])["servers"]),
  };
}

export function decodeVerdict(body: Json): readonly VerdictPart[] {
  return listOf(objectOf(body["verdict"])["parts"]).map((part) => decodePart(objectOf(part)));
}

/** Without those that a parameter answers: a page that has it says so in its own words. */
export function decodeNotes(body: Json): readonly string[] {
  const notes = listOf(body["notes"]).map(objectOf).filter((note) => note["parameter"] === undefined);
  return notes.map((note) => joinUnits(textOf(note["text"]))).filter((text) => text !== "");
}

export function decodeCategory(value: unknown): LedgerCategory {
  return kCategories.find((category) => category === value) ?? "self";
}

function presentNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function decodeRow(json: Json): LedgerRow {
  return {
    service: textOf(json["service"]),
    operation: textOf(json["operation"]),
    category: decodeCategory(json["category"]),
    peer: textOf(json["peer"]),
    value: textOf(json["value"]),
    label: textOf(json["label"]),
    nanos: numberOf(json["nanos"]),
    share: numberOf(json["share"]),
    usualNanos: presentNumber(json["usualNanos"]),
    slowerThan: presentNumber(objectOf(json["usual"])["slowerThan"]),
    count: numberOf(json["count"]),
    dragNanos: numberOf(json["dragNanos"]),
    ambiguousNanos: numberOf(json["ambiguousNanos"]),
    parallelWith: textOf(objectOf(json["parallelWith"])["label"]) || undefined,
    spans: listOf(json["spans"]).map(textOf),
  };
}

function decodeUsual(json: Json): UsualTrace {
  const spans = listOf(json["spans"]).map((each) => decodeUsualSpans(objectOf(each)));
  return {
    nanos: numberOf(json["nanos"]),
    traces: numberOf(json["traces"]),
    slowerThan: numberOf(json["slowerThan"]),
    reference: textOf(objectOf(json["reference"])["text"]),
    spans: new Map(spans.map((each) => [usualKey(each.kind, each.service, each.operation), each])),
  };
}

/** Buckets come as index, count, index, count, … */
function decodeUsualSpans(json: Json): UsualSpans {
  const numbers = listOf(json["buckets"]).map(numberOf);
  const buckets: [number, number][] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) buckets.push([numbers[at]!, numbers[at + 1]!]);
  return {
    service: textOf(json["service"]),
    operation: textOf(json["operation"]),
    kind: numberOf(json["kind"]),
    count: numberOf(json["count"]),
    medianNanos: numberOf(json["medianNanos"]),
    p95Nanos: numberOf(json["p95Nanos"]),
    zeroCount: numberOf(json["zeroCount"]),
    buckets,
  };
}

/** A number and its unit stay together. */
function joinUnits(text: string): string {
  return text.replace(/(\d) (%|ns|µs|ms|s)(?!\w)/g, `$1${kThinSpace}$2`);
}

function decodePart(json: Json): VerdictPart {
  return {
    text: joinUnits(textOf(json["text"])),
    kind: kVerdictKinds.find((kind) => kind === json["kind"]) ?? "plain",
    row: presentNumber(json["row"]),
    spanId: textOf(json["spanId"]) || undefined,
  };
}
