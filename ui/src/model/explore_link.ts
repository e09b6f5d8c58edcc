// SPDX-License-Identifier: Apache-2.0
// Links to Grafana's Explore, /explore?left={"queries":[…],"range":{…}}, lead to the same question here.
// Taken over: the native search's fields, TraceQL, a trace id, and the time range. The rest is left.
import { isTraceql, kEmptyQuery, paramsFromQuery, queryFromParams, type SearchQuery } from "./search_query";
import { kRanges } from "./time_range";
import { parseTraceId } from "./trace";

type Json = Readonly<Record<string, unknown>>;

export function addressOfExploreLink(params: URLSearchParams): string {
  const left = parseObject(params.get("left"));
  const query = objectOf(Array.isArray(left["queries"]) ? left["queries"][0] : undefined);
  const asked = textOf(query["query"]);
  const traceId = parseTraceId(asked);
  if (traceId && traceId.length >= 16) return `/trace/${traceId}`;
  const fields = new URLSearchParams({
    service: textOf(query["serviceName"]),
    name: textOf(query["spanName"]),
    tags: isTraceql(asked) ? asked : textOf(query["search"]),
    minDuration: textOf(query["minDuration"]),
    maxDuration: textOf(query["maxDuration"]),
  });
  const search: SearchQuery = {
    ...queryFromParams(fields),
    limit: textOf(query["limit"]) || kEmptyQuery.limit,
    ...rangeOf(objectOf(left["range"])),
  };
  const text = paramsFromQuery(search).toString();
  return text ? `/find?${text}` : "/find";
}

function rangeOf(range: Json): Partial<SearchQuery> {
  const from = textOf(range["from"]);
  const to = textOf(range["to"]);
  const relative = /^now-(\d+[mhd])$/.exec(from);
  if (relative && to === "now") {
    const known = kRanges.find(({ key }) => key === relative[1]);
    return known ? { range: known.key } : {};
  }
  if (!/^\d{12,14}$/.test(from) || !/^\d{12,14}$/.test(to)) return {};
  return { range: "custom", start: String(Math.floor(Number(from) / 1000)), end: String(Math.ceil(Number(to) / 1000)) };
}

function parseObject(text: string | null): Json {
  try {
    return objectOf(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
