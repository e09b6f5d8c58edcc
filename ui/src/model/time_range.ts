// SPDX-License-Identifier: Apache-2.0
// The time a page asks about, as its address says it: a range that ends now, or one between two seconds.

export interface TimeRange {
  /** A key of kRanges, or "custom" with `start` and `end`. */
  readonly range: string;
  /** Unix seconds, for a custom range. */
  readonly start: string;
  readonly end: string;
}

export interface NamedRange {
  readonly key: string;
  readonly label: string;
  /** 0 for all there is. */
  readonly seconds: number;
}

export const kRanges: readonly NamedRange[] = [
  { key: "15m", label: "Last 15 minutes", seconds: 900 },
  { key: "1h", label: "Last hour", seconds: 3600 },
  { key: "3h", label: "Last 3 hours", seconds: 3 * 3600 },
  { key: "6h", label: "Last 6 hours", seconds: 6 * 3600 },
  { key: "24h", label: "Last 24 hours", seconds: 24 * 3600 },
  { key: "7d", label: "Last 7 days", seconds: 7 * 24 * 3600 },
  { key: "all", label: "All time", seconds: 0 },
];

export const kDefaultRange: TimeRange = { range: "1h", start: "", end: "" };

let standing: TimeRange = kDefaultRange;

/** What an address without a range means: that of a file while one is open. Undefined: the default again. */
export function setStandingRange(range: TimeRange | undefined): void {
  standing = range ?? kDefaultRange;
}

export function rangeFromParams(params: URLSearchParams): TimeRange {
  const [range, start, end] = ["range", "start", "end"].map((name) => params.get(name)?.trim() ?? "");
  if (range === "custom" && isSeconds(start) && isSeconds(end)) return { range, start, end };
  const known = kRanges.some(({ key }) => key === range);
  return known && range ? { ...kDefaultRange, range } : standing;
}

function isSeconds(text: string | undefined): text is string {
  return /^\d{1,10}$/.test(text ?? "");
}

/** Adds the range to the address of the page, unless that means it anyway. */
export function addRange(params: URLSearchParams, { range, start, end }: TimeRange): void {
  if (range === standing.range && start === standing.start && end === standing.end) return;
  params.set("range", range);
  if (range !== "custom") return;
  params.set("start", start);
  params.set("end", end);
}

/** Adds the range as the API takes it: the server knows best what now is. */
export function addAskedRange(params: URLSearchParams, { range, start, end }: TimeRange): void {
  const seconds = kRanges.find(({ key }) => key === range)?.seconds ?? 0;
  if (range === "custom") {
    params.set("start", start);
    params.set("end", end);
  } else if (seconds > 0) {
    params.set("since", `${seconds}s`);
  }
}

/** The parameters of a query over the range. */
export function askedParams(range: TimeRange, q: string): URLSearchParams {
  const params = new URLSearchParams({ q });
  addAskedRange(params, range);
  return params;
}

/** Both ends in Unix seconds. A range without a start has none here either. */
export function boundsOf({ range, start, end }: TimeRange, nowSeconds: number): { readonly start: number; readonly end: number } | undefined {
  if (range === "custom") return { start: Number(start), end: Number(end) };
  const seconds = kRanges.find(({ key }) => key === range)?.seconds ?? 0;
  return seconds > 0 ? { start: nowSeconds - seconds, end: nowSeconds } : undefined;
}

/** The same time with both ends said, so that a link shows the same tomorrow. All there is stays all there is. */
export function fixedRange(range: TimeRange, nowSeconds: number): TimeRange {
  const bounds = boundsOf(range, Math.ceil(nowSeconds));
  const { range: name, start, end } = bounds ? { range: "custom", start: String(bounds.start), end: String(bounds.end) } : range;
  return { range: name, start, end };
}

/** As much time, just before; undefined where there is no start. */
export function rangeBefore(range: TimeRange, nowSeconds: number): TimeRange | undefined {
  const bounds = boundsOf(range, nowSeconds);
  if (!bounds) return undefined;
  const [start, end] = [Math.floor(bounds.start), Math.ceil(bounds.end)];
  return { range: "custom", start: String(Math.max(0, start - (end - start))), end: String(start) };
}
