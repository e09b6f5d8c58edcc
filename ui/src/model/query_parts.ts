// SPDX-License-Identifier: Apache-2.0
// A query of spans cut where its stages begin, `{ … } | count() > 2 | select(name) with (most_recent=true)`,
// so that another stage can be added at the right place, or the same spans be counted.
import { type Token, tokensOf } from "./traceql_tokens";

export interface QueryParts {
  /** What comes before the first stage: `{ … }`, `{ … } >> { … }`. "{ }" of nothing. */
  readonly filter: string;
  readonly stages: readonly string[];
  /** `with (…)`, or "". */
  readonly options: string;
}

export function partsOf(text: string): QueryParts {
  const tokens = tokensOf(text);
  const cuts: number[] = [];
  let end = text.length;
  let depth = 0;
  for (const token of tokens) {
    if (/^[{(]$/.test(token.text)) ++depth;
    if (/^[})]$/.test(token.text)) --depth;
    if (depth !== 0) continue;
    if (token.kind === "pipe") cuts.push(token.from);
    if (token.text === "with" && end === text.length) end = token.from;
  }
  const edges = [...cuts.filter((cut) => cut < end), end];
  const stages = edges.slice(1).map((to, at) => text.slice(edges[at]! + 1, to).trim());
  return { filter: text.slice(0, edges[0]).trim() || "{ }", stages, options: text.slice(end).trim() };
}

export function textOfParts({ filter, stages, options }: QueryParts): string {
  return [[filter, ...stages].join(" | "), options].filter(Boolean).join(" ");
}

/** Whether a stage may be added at the end: not to pipelines that are joined, `({ … } | …) && ({ … } | …)`. */
export function takesStages({ filter }: QueryParts): boolean {
  return !tokensOf(filter).some(({ kind }) => kind === "pipe");
}

function nameOf(stage: string): string {
  return tokensOf(stage)[0]?.text ?? "";
}

export function withStage(text: string, stage: string): string | undefined {
  const parts = partsOf(text);
  return takesStages(parts) ? textOfParts({ ...parts, stages: [...parts.stages, stage] }) : undefined;
}

/** The fields among what select() asks for: the query's own, in whose place a later one would be, or one more. */
export function withSelected(text: string, fields: readonly string[]): string | undefined {
  const parts = partsOf(text);
  const own = parts.stages.map(nameOf).lastIndexOf("select");
  if (own < 0) return fields.length > 0 ? withStage(text, `select(${fields.join(", ")})`) : text;
  const stage = parts.stages[own]!;
  const known = tokensOf(stage).map((token) => token.text);
  const more = fields.filter((field) => !known.includes(field)).map((field) => `, ${field}`).join("");
  const end = stage.lastIndexOf(")");
  if (end < 0 || !takesStages(parts)) return undefined;
  const selected = stage.slice(0, end) + more + stage.slice(end);
  return textOfParts({ ...parts, stages: parts.stages.map((each, at) => (at === own ? selected : each)) });
}

/** Only the spans that match this too: before what is said of all of them. */
export function narrowed(text: string, condition: string): string | undefined {
  const parts = partsOf(text);
  return takesStages(parts) ? textOfParts({ ...parts, stages: [`{ ${condition} }`, ...parts.stages] }) : undefined;
}

/** Whether the query has a stage of that name: `sort` for an order of its own. */
export function hasStage(text: string, name: string): boolean {
  return partsOf(text).stages.some((stage) => nameOf(stage) === name);
}

const kOfTraces = /^(sort|limit|select)$/;
const kRoot = "{ nestedSetParent < 0 }";

/** What a query counts when it becomes one of numbers. */
export interface Counted {
  readonly query: string;
  readonly unit: "trace" | "span";
}

/** The roots of the traces that match, so that each trace counts once; the spans where that cannot be said. */
export function countedBy(text: string): Counted | undefined {
  const parts = partsOf(text);
  if (!takesStages(parts)) return undefined;
  const stages = parts.stages.filter((stage) => !kOfTraces.test(nameOf(stage)));
  if (stages.length > 0) return { query: textOfParts({ ...parts, stages, options: "" }), unit: "span" };
  const all = isEverything(tokensOf(parts.filter));
  return { query: all ? kRoot : `(${parts.filter}) && ${kRoot} | ${kRoot}`, unit: "trace" };
}

/** The spans that match, without what is said of their traces. */
export function spansBy(text: string): string | undefined {
  const parts = partsOf(text);
  if (!takesStages(parts)) return undefined;
  return textOfParts({ ...parts, stages: parts.stages.filter((stage) => !kOfTraces.test(nameOf(stage))), options: "" });
}

function isEverything(tokens: readonly Token[]): boolean {
  return tokens.length === 2 && tokens[0]!.text === "{" && tokens[1]!.text === "}";
}
