// SPDX-License-Identifier: Apache-2.0
// What the Find page asks for. The query lives in the address of the page; here it is read from there,
// written back, and turned into the parameters of /api/search.
import { hasStage, withStage } from "./query_parts";
import { addAskedRange, addRange, kDefaultRange, rangeFromParams, type TimeRange } from "./time_range";
import { type FilterForm, kEmptyForm, queryOf } from "./traceql_filter";

export interface SearchQuery extends TimeRange {
  /** TraceQL; empty for all. */
  readonly q: string;
  readonly limit: string;
  readonly order: Order;
  readonly rows: RowKind;
}

/** What a row of the results is. */
export type RowKind = "traces" | "spans";

/** The server's; a query with an order of its own keeps it. */
export type Order = "slowest" | "newest";

export const kEmptyQuery: SearchQuery = { q: "", limit: "20", order: "slowest", rows: "traces", ...kDefaultRange };

/** How many spans of a trace are told. */
const kSpansPerSpanset = "10";

export function queryFromParams(params: URLSearchParams): SearchQuery {
  return {
    q: (params.get("q") ?? queryOfFields(params)).trim(),
    limit: params.get("limit")?.trim() || kEmptyQuery.limit,
    order: params.get("order") === "newest" ? "newest" : "slowest",
    rows: params.get("rows") === "spans" ? "spans" : "traces",
    ...rangeFromParams(params),
  };
}

/** Links of before had the fields of the form; they ask the same still. */
function queryOfFields(params: URLSearchParams): string {
  const tags = params.get("tags") ?? "";
  if (isTraceql(tags)) return tags;
  const form: { -readonly [K in keyof FilterForm]: string } = { ...kEmptyForm };
  for (const field of Object.keys(form) as (keyof FilterForm)[]) form[field] = params.get(field) ?? "";
  const query = queryOf(form);
  // What cannot be understood is for the server to complain of, not to be left out in silence.
  return "text" in query ? query.text : form[query.wrong];
}

/** The address of the page, without the fields at their defaults. */
export function paramsFromQuery(query: SearchQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.q) params.set("q", query.q);
  if (query.limit !== kEmptyQuery.limit) params.set("limit", query.limit);
  if (query.order !== kEmptyQuery.order) params.set("order", query.order);
  if (query.rows !== kEmptyQuery.rows) params.set("rows", query.rows);
  addRange(params, query);
  return params;
}

/** The order the traces come in; undefined for one of the query's own. */
export function orderOf({ q, order }: SearchQuery): Order | undefined {
  if (hasStage(q, "sort")) return undefined;
  // What cannot be sorted comes as the server has it.
  return order === "slowest" && withStage(q, kSlowestFirst) !== undefined ? "slowest" : "newest";
}

/** The service of each span, which stands in front of its name. */
const kWithService = "select(resource.service.name)";
const kSlowestFirst = "sort(trace:duration desc)";

/** True when nothing narrows the search but its time. */
export function isUnfiltered(query: SearchQuery): boolean {
  return /^(\{\s*\})?$/.test(query.q.trim());
}

/** Whether the text is TraceQL. Tags never begin so. */
export function isTraceql(text: string): boolean {
  return /^\s*([{(]|none\s*\(|by\s*\(|(count|min|max|avg|sum)\s*\()/.test(text);
}

/** The question as it was typed: what is wrong with it is told of that text. */
export function typedParams(query: SearchQuery): URLSearchParams {
  const params = new URLSearchParams({ q: query.q.trim() || "{ }", limit: "1" });
  addAskedRange(params, query);
  return params;
}

export function searchParams(query: SearchQuery): URLSearchParams {
  const q = query.q.trim() || "{ }";
  // A later select() would take the place of the reader's.
  const named = hasStage(q, "select") ? q : withStage(q, kWithService) ?? q;
  const asked = orderOf(query) === "slowest" ? withStage(named, kSlowestFirst) ?? named : named;
  const params = new URLSearchParams({ q: asked, spss: kSpansPerSpanset });
  if (query.limit) params.set("limit", query.limit);
  addAskedRange(params, query);
  return params;
}
