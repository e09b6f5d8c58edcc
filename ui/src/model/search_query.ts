// SPDX-License-Identifier: Apache-2.0
// What the Find page asks for. The query lives in the address of the page; here it is read from there,
// written back, and turned into the parameters of /api/search.
import { hasStage, withSelected, withStage } from "./query_parts";
import { kMaxColumns } from "./result_columns";
import { addAskedRange, addRange, kDefaultRange, rangeFromParams, type TimeRange } from "./time_range";
import { type FilterForm, kEmptyForm, queryOf } from "./traceql_filter";
import { tokensOf } from "./traceql_tokens";
import { isIntrinsic } from "./traceql_words";

export interface SearchQuery extends TimeRange {
  /** TraceQL; empty for all. */
  readonly q: string;
  readonly limit: string;
  readonly order: Order;
  readonly rows: RowKind;
  /** Attributes that are columns of the results, as TraceQL has them. */
  readonly columns: readonly string[];
}

/** What a row of the results is. */
export type RowKind = "traces" | "spans";

/** The server's; a query with an order of its own keeps it. */
export type Order = "slowest" | "newest";

export const kEmptyQuery: SearchQuery = { q: "", limit: "20", order: "slowest", rows: "traces", columns: [], ...kDefaultRange };

/** How many spans of a trace are told. */
const kSpansPerSpanset = "10";

export function queryFromParams(params: URLSearchParams): SearchQuery {
  return {
    q: (params.get("q") ?? queryOfFields(params)).trim(),
    limit: params.get("limit")?.trim() || kEmptyQuery.limit,
    order: params.get("order") === "newest" ? "newest" : "slowest",
    rows: params.get("rows") === "spans" ? "spans" : "traces",
    columns: params.getAll("column").filter(isField).slice(0, kMaxColumns),
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
  for (const field of query.columns) params.append("column", field);
  addRange(params, query);
  return params;
}

/** What the answer depends on that is told of all that matches, whatever rows are shown of it. */
export function matchKey({ q, range, start, end }: SearchQuery): string {
  return paramsFromQuery({ ...kEmptyQuery, q, range, start, end }).toString();
}

/** The order the traces come in; undefined for one of the query's own. */
export function orderOf({ q, order }: SearchQuery): Order | undefined {
  if (hasStage(q, "sort")) return undefined;
  // What cannot be sorted comes as the server has it.
  return order === "slowest" && withStage(q, kSlowestFirst) !== undefined ? "slowest" : "newest";
}

/** Of each span it stands in front of its name. */
export const kServiceField = "resource.service.name";
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

/** One whole attribute or intrinsic: it is put into a query. */
function isField(text: string): boolean {
  const [token, ...more] = tokensOf(text);
  if (!token || more.length > 0 || token.text.endsWith(".")) return false;
  return token.kind === "attribute" || isIntrinsic(text);
}

/** Whether columns can be chosen: not of pipelines that are joined. */
export function takesColumns(q: string): boolean {
  return withStage(q, "select(name)") !== undefined;
}

/** The query, with what the columns show among what it selects. */
export function selectingText({ q: typed, columns }: Pick<SearchQuery, "q" | "columns">): string {
  const q = typed.trim() || "{ }";
  return withSelected(q, hasStage(q, "select") ? columns : [kServiceField, ...columns]) ?? q;
}

export function searchParams(query: SearchQuery): URLSearchParams {
  const named = selectingText(query);
  const asked = orderOf(query) === "slowest" ? withStage(named, kSlowestFirst) ?? named : named;
  const params = new URLSearchParams({ q: asked, spss: kSpansPerSpanset });
  if (query.limit) params.set("limit", query.limit);
  addAskedRange(params, query);
  return params;
}
