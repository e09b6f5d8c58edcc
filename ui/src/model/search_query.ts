// SPDX-License-Identifier: Apache-2.0
// What the Find page asks for. The query lives in the address of the page; here it is read from there,
// written back, and turned into the parameters of /api/search.

export interface SearchQuery {
  readonly service: string;
  readonly name: string;
  /** Further tags in logfmt, os.type="linux" error=true, or a query in TraceQL, { status = error }. */
  readonly tags: string;
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly limit: string;
  /** A key of kRanges, or "custom" with `start` and `end`. */
  readonly range: string;
  /** Unix seconds, for a custom range. */
  readonly start: string;
  readonly end: string;
}

export const kEmptyQuery: SearchQuery = {
  service: "",
  name: "",
  tags: "",
  minDuration: "",
  maxDuration: "",
  limit: "20",
  range: "1h",
  start: "",
  end: "",
};

export interface Range {
  readonly key: string;
  readonly label: string;
  readonly seconds: number;
}

export const kRanges: readonly Range[] = [
  { key: "15m", label: "Last 15 minutes", seconds: 900 },
  { key: "1h", label: "Last hour", seconds: 3600 },
  { key: "3h", label: "Last 3 hours", seconds: 3 * 3600 },
  { key: "6h", label: "Last 6 hours", seconds: 6 * 3600 },
  { key: "24h", label: "Last 24 hours", seconds: 24 * 3600 },
  { key: "7d", label: "Last 7 days", seconds: 7 * 24 * 3600 },
  { key: "all", label: "All time", seconds: 0 },
];

const kFields = Object.keys(kEmptyQuery) as (keyof SearchQuery)[];

export function queryFromParams(params: URLSearchParams): SearchQuery {
  const query: Record<keyof SearchQuery, string> = { ...kEmptyQuery };
  for (const field of kFields) query[field] = params.get(field)?.trim() ?? kEmptyQuery[field];
  const custom = query.range === "custom" && /^\d+$/.test(query.start) && /^\d+$/.test(query.end);
  if (!custom && !kRanges.some(({ key }) => key === query.range)) query.range = kEmptyQuery.range;
  return query;
}

/** The address of the page, without the fields at their defaults. */
export function paramsFromQuery(query: SearchQuery): URLSearchParams {
  const params = new URLSearchParams();
  for (const field of kFields) {
    const unused = query.range !== "custom" && (field === "start" || field === "end");
    if (!unused && query[field] !== kEmptyQuery[field]) params.set(field, query[field]);
  }
  return params;
}

/** True when nothing narrows the search but its time. */
export function isUnfiltered(query: SearchQuery): boolean {
  return !(query.service || query.name || query.tags || query.minDuration || query.maxDuration);
}

/** Whether the text is TraceQL. Tags never begin so. */
export function isTraceql(text: string): boolean {
  return /^\s*([{(]|none\s*\(|by\s*\(|(count|min|max|avg|sum)\s*\()/.test(text);
}

/** The parameters of /api/search. The form's service and name are tags there; a TraceQL query says them itself. */
export function searchParams(query: SearchQuery, nowSeconds: number): URLSearchParams {
  const params = new URLSearchParams();
  const traceql = isTraceql(query.tags);
  if (traceql) params.set("q", query.tags);
  const tags = traceql ? [] : [
    query.service && `service.name=${logfmtValue(query.service)}`,
    query.name && `name=${logfmtValue(query.name)}`,
    query.tags,
  ].filter((tag) => tag !== "");
  if (tags.length) params.set("tags", tags.join(" "));
  for (const field of ["minDuration", "maxDuration", "limit"] as const) {
    // A person writes "100 ms"; the API wants "100ms".
    const value = query[field].replace(/\s+/g, "");
    if (value) params.set(field, value);
  }
  const range = kRanges.find(({ key }) => key === query.range);
  if (query.range === "custom") {
    params.set("start", query.start);
    params.set("end", query.end);
  } else if (range && range.seconds > 0) {
    params.set("start", String(nowSeconds - range.seconds));
    // The end is exclusive in seconds; a trace of this very second belongs to the result.
    params.set("end", String(nowSeconds + 1));
  }
  return params;
}

export function logfmtValue(value: string): string {
  return `"${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}
