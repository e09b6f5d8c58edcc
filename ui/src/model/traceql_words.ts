// SPDX-License-Identifier: Apache-2.0
// The words of TraceQL and what each is for, as completion offers them.

export interface Word {
  readonly text: string;
  readonly about: string;
}

const word = (text: string, about: string): Word => ({ text, about });

export const kScopes: readonly Word[] = [
  word("span.", "attributes of the span"),
  word("resource.", "attributes of what sent it"),
  word("event.", "attributes of its events"),
  word("link.", "attributes of its links"),
  word("instrumentation.", "attributes of the scope"),
  word("parent.", "attributes of the parent"),
];

export const kIntrinsics: readonly Word[] = [
  word("name", "name of the span"),
  word("duration", "how long the span lasted"),
  word("status", "ok, error or unset"),
  word("statusMessage", "what the status says"),
  word("kind", "server, client, …"),
  word("rootName", "name of the root span"),
  word("rootServiceName", "service of the root span"),
  word("traceDuration", "how long the trace lasted"),
  word("span:name", "name of the span"),
  word("span:duration", "how long the span lasted"),
  word("span:status", "ok, error or unset"),
  word("span:statusMessage", "what the status says"),
  word("span:kind", "server, client, …"),
  word("span:id", "ID of the span"),
  word("span:parentID", "ID of its parent"),
  word("span:childCount", "how many children it has"),
  word("trace:duration", "how long the trace lasted"),
  word("trace:rootName", "name of the root span"),
  word("trace:rootService", "service of the root span"),
  word("trace:id", "ID of the trace"),
  word("event:name", "name of an event"),
  word("event:timeSinceStart", "from the start of the span"),
  word("link:traceID", "trace that is linked to"),
  word("link:spanID", "span that is linked to"),
  word("instrumentation:name", "name of the scope"),
  word("instrumentation:version", "version of the scope"),
  word("nestedSetLeft", "number in the tree, entering"),
  word("nestedSetRight", "number in the tree, leaving"),
  word("nestedSetParent", "number of the parent, −1 for a root"),
];

export const kComparisons: readonly Word[] = [
  word("=", "is"),
  word("!=", "is not"),
  word("=~", "matches the regex"),
  word("!~", "does not match"),
  word(">", "more than"),
  word(">=", "at least"),
  word("<", "less than"),
  word("<=", "at most"),
];

export const kJoins: readonly Word[] = [word("&&", "and"), word("||", "or")];

/** What may follow a spanset. */
export const kSpansetJoins: readonly Word[] = [
  word("|", "then"),
  word("&&", "and, in one trace"),
  word("||", "or"),
  word(">>", "has as descendant"),
  word(">", "has as child"),
  word("<<", "has as ancestor"),
  word("<", "has as parent"),
  word("~", "has as sibling"),
  word("!>>", "is not above"),
  word("!>", "is not the parent of"),
  word("&>>", "both sides of >>"),
];

/** What may follow `|`. The text is inserted as it is; `¦` is where the cursor goes. */
export const kStages: readonly Word[] = [
  word("rate()", "spans a second"),
  word("count_over_time()", "spans in each step"),
  word("quantile_over_time(duration, ¦.95)", "quantiles of a field"),
  word("histogram_over_time(duration¦)", "its distribution"),
  word("avg_over_time(duration¦)", "its average"),
  word("max_over_time(duration¦)", "its maximum"),
  word("min_over_time(duration¦)", "its minimum"),
  word("sum_over_time(duration¦)", "its sum"),
  word("compare({ ¦ })", "what sets a selection apart"),
  word("count() > ¦", "traces with so many spans"),
  word("avg(duration) > ¦", "by the average of its spans"),
  word("max(duration) > ¦", "by the longest span"),
  word("min(duration) > ¦", "by the shortest span"),
  word("sum(duration) > ¦", "by the sum of its spans"),
  word("select(¦)", "show these fields"),
  word("by(¦)", "a group for each value"),
  word("coalesce()", "groups into one again"),
  word("sort(duration desc)", "order by a field"),
  word("limit(¦)", "the first so many traces"),
  word("topk(¦)", "the largest series"),
  word("bottomk(¦)", "the smallest series"),
];

/** What may follow a metrics function. */
export const kGrouping: readonly Word[] = [
  word("by (¦)", "a series for each value"),
  word("| topk(¦)", "the largest series"),
  word("| bottomk(¦)", "the smallest series"),
  word("with (exemplars=true)", "ask for exemplars"),
];

export const kMetricsFunctions: ReadonlySet<string> = new Set([
  "rate", "count_over_time", "min_over_time", "max_over_time", "sum_over_time", "avg_over_time", "quantile_over_time",
  "histogram_over_time", "compare",
]);

const kFieldNames: ReadonlySet<string> = new Set(kIntrinsics.map(({ text }) => text));

export function isIntrinsic(text: string): boolean {
  return kFieldNames.has(text);
}

const kStatuses = ["error", "ok", "unset"];
const kKinds = ["server", "client", "internal", "producer", "consumer", "unspecified"];

/** The values of a field that are words of the language. */
export function keywordsOf(field: string): readonly string[] {
  const name = field.replace(/^span:/, "");
  return name === "status" ? kStatuses : name === "kind" ? kKinds : [];
}

export function isDurationField(field: string): boolean {
  return /^(duration|span:duration|traceDuration|trace:duration|event:timeSinceStart)$/.test(field);
}

/** Words that are values wherever they stand. */
export function isConstant(text: string): boolean {
  return /^(true|false|nil|minInt|maxInt)$/.test(text) || kStatuses.includes(text) || kKinds.includes(text);
}
