// SPDX-License-Identifier: Apache-2.0
// What the Compare page compares, as its address says it: two sets of traces, each a query and a time, or two
// traces by their ids.
import { addAskedRange, addRange, boundsOf, rangeFromParams, type TimeRange } from "./time_range";
import { parseTraceId, shortTraceId } from "./trace";

export interface SetQuery extends TimeRange {
  /** TraceQL; empty for all. */
  readonly q: string;
}

export interface SetsQuery {
  readonly kind: "sets";
  readonly set: SetQuery;
  /** What the set is compared with; a trace of both counts for the set alone. */
  readonly rest: SetQuery;
  /** Whether anything is asked at all. */
  readonly asked: boolean;
  /** How many traces of each are read, the newest. */
  readonly traces: number;
}

export interface PairQuery {
  readonly kind: "pair";
  /** Ids, or "" for one that is still to be chosen. */
  readonly a: string;
  readonly b: string;
}

export type CompareQuery = SetsQuery | PairQuery;

export const kDefaultTraces = 1000;
export const kMostTraces = 20_000;

const kRestNames = { range: "baselineRange", start: "baselineStart", end: "baselineEnd" } as const;

export function compareFromParams(params: URLSearchParams): CompareQuery {
  const [a, b] = [params.get("a"), params.get("b")];
  if (a !== null || b !== null) return { kind: "pair", a: parseTraceId(a ?? "") ?? "", b: parseTraceId(b ?? "") ?? "" };
  const range = rangeFromParams(params);
  const own = new URLSearchParams();
  for (const [name, of] of Object.entries(kRestNames)) {
    const value = params.get(of);
    if (value !== null) own.set(name, value);
  }
  return {
    kind: "sets",
    set: { q: params.get("q")?.trim() ?? "", ...range },
    rest: { q: params.get("baseline")?.trim() ?? "", ...(own.size > 0 ? rangeFromParams(own) : range) },
    asked: params.has("q") || params.has("baseline"),
    traces: tracesOf(params.get("traces") ?? ""),
  };
}

function tracesOf(text: string): number {
  return /^[1-9]\d{0,4}$/.test(text) ? Math.min(kMostTraces, Number(text)) : kDefaultTraces;
}

function isSameRange(one: TimeRange, other: TimeRange): boolean {
  if (one.range !== other.range) return false;
  return one.range !== "custom" || (one.start === other.start && one.end === other.end);
}

/** The address of the page. */
export function compareAddress(query: CompareQuery): string {
  if (query.kind === "pair") return `/compare?${new URLSearchParams({ a: query.a, b: query.b })}`;
  const { set, rest, traces } = query;
  const params = new URLSearchParams({ q: set.q, baseline: rest.q });
  if (traces !== kDefaultTraces) params.set("traces", String(traces));
  addRange(params, set);
  if (!isSameRange(set, rest)) {
    params.set(kRestNames.range, rest.range);
    if (rest.range === "custom") {
      params.set(kRestNames.start, rest.start);
      params.set(kRestNames.end, rest.end);
    }
  }
  return `/compare?${params}`;
}

export function setsQuery(set: SetQuery, rest: SetQuery, traces = kDefaultTraces): SetsQuery {
  return { kind: "sets", set, rest, asked: true, traces };
}

/** Of two traces, the one that was named first as A. */
export function pairAddress([a = "", b = ""]: readonly string[]): string {
  return compareAddress({ kind: "pair", a: shortTraceId(a), b: shortTraceId(b) });
}

/** Of those ticked so far two at most are kept: a third takes the place of the first. */
export function withTick(ticked: readonly string[], traceId: string): readonly string[] {
  return ticked.includes(traceId) ? ticked.filter((each) => each !== traceId) : [...ticked, traceId].slice(-2);
}

/** Each in the place of the other. */
export function swapped(query: CompareQuery): CompareQuery {
  if (query.kind === "pair") return { ...query, a: query.b, b: query.a };
  return { ...query, set: query.rest, rest: query.set };
}

const kEverything = "{ }";

/** The parameters of /api/clew/v1/ledger. */
export function setsParams({ set, rest, traces }: SetsQuery, nowSeconds: number): URLSearchParams {
  const params = new URLSearchParams({ q: set.q || kEverything, baseline: rest.q || kEverything });
  if (traces !== kDefaultTraces) params.set("traces", String(traces));
  addAskedRange(params, set);
  if (isSameRange(set, rest)) return params;
  const bounds = boundsOf(rest, nowSeconds);
  // 0: without a bound.
  params.set("baselineStart", String(Math.floor(bounds?.start ?? 0)));
  params.set("baselineEnd", String(Math.ceil(bounds?.end ?? 0)));
  return params;
}

/** The same question for a terminal. */
export function whyCommand(query: SetsQuery, nowSeconds: number): string {
  const params = setsParams(query, nowSeconds);
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const words = ["clew why", "--q", quoted(params.get("q")!), "--vs", quoted(params.get("baseline")!)];
  const bounds = boundsOf(query.set, nowSeconds);
  if (bounds) words.push("--start", String(Math.floor(bounds.start)), "--end", String(Math.ceil(bounds.end)));
  for (const [flag, name] of [["--vs-start", "baselineStart"], ["--vs-end", "baselineEnd"], ["--traces", "traces"]] as const) {
    const value = params.get(name);
    if (value !== null) words.push(flag, value);
  }
  return words.join(" ");
}

/** The traces of a set that another query finds too. */
export function withinSet({ q }: SetQuery, query: string): string {
  const filter = q || kEverything;
  if (/^\{\s*\}$/.test(filter)) return query;
  return `(${filter}) && (${query})`;
}
