// SPDX-License-Identifier: Apache-2.0
// Decodes the answers of /api/search and of the tag values.
import { durationFromMillis, timeFromText } from "../base/time";
import type { TraceSummary } from "../model/trace";
import { type Json, listOf, numberOf, objectOf, textOf } from "./json";

export function decodeSearch(json: unknown): readonly TraceSummary[] {
  return listOf(objectOf(json)["traces"]).map((trace) => decodeSummary(objectOf(trace)));
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
  };
}

export function decodeTagValues(json: unknown): readonly string[] {
  const values = listOf(objectOf(json)["tagValues"]).map((value) => textOf(objectOf(value)["value"]));
  return values.filter((value) => value !== "").sort();
}
