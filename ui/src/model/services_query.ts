// SPDX-License-Identifier: Apache-2.0
// What the Services page shows, as its address says it.
import { kLeasts } from "./service_graph";
import { addRange, kDefaultRange, rangeBefore, rangeFromParams, type TimeRange } from "./time_range";

export interface ServicesQuery extends TimeRange {
  /** The service that is looked at; "" for none. */
  readonly service: string;
  /** Calls from it that the graph shows: 1, 2 or, for all, Infinity. */
  readonly depth: number;
  /** What the names of the rows have in them. */
  readonly filter: string;
  /** Calls with less than this part of the most frequent one's rate are not drawn; undefined for what suits. */
  readonly least: number | undefined;
  readonly sort: SortKey;
  /** The services whose operations are in the table, in the order they were opened in. */
  readonly open: readonly string[];
}

export type SortKey = "name" | "rate" | "errorShare" | "p50" | "p95" | "p99" | "change";
const kSortKeys: readonly SortKey[] = ["name", "rate", "errorShare", "p50", "p95", "p99", "change"];
const kDefaultSort: SortKey = "p95";

export function servicesFromParams(params: URLSearchParams): ServicesQuery {
  const range = rangeFromParams(params);
  const depth = Number(params.get("depth"));
  const least = params.get("least");
  return {
    service: params.get("service") ?? "",
    depth: depth === 1 || depth === 2 ? depth : Infinity,
    filter: params.get("filter") ?? "",
    least: kLeasts.find((each) => String(each) === least),
    sort: kSortKeys.find((key) => key === params.get("sort")) ?? kDefaultSort,
    // A name may have anything in it, so that each has a parameter of its own.
    open: [...new Set(params.getAll("open"))],
    // Rates over all time would begin in 1970.
    ...(range.range === "all" ? kDefaultRange : range),
  };
}

export function paramsFromServices({ service, depth, filter, least, sort, open, ...range }: ServicesQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (service) params.set("service", service);
  if (Number.isFinite(depth)) params.set("depth", String(depth));
  if (filter) params.set("filter", filter);
  if (least !== undefined) params.set("least", String(least));
  if (sort !== kDefaultSort) params.set("sort", sort);
  addRange(params, range);
  for (const name of open) params.append("open", name);
  return params;
}

export function withOpen(open: readonly string[], service: string, shown: boolean): readonly string[] {
  const others = open.filter((each) => each !== service);
  return shown ? [...others, service] : others;
}

/** Of as long a time just before. */
export function paramsBefore(range: TimeRange, q: string, nowSeconds: number): URLSearchParams {
  const { start, end } = rangeBefore(range, Math.floor(nowSeconds)) ?? { start: "0", end: "0" };
  return new URLSearchParams({ q, start, end });
}
