// SPDX-License-Identifier: Apache-2.0
// What a query of numbers is grouped by: the list of `rate() by (name, status)`, read and put anew.
import { partsOf, textOfParts } from "./query_parts";
import { tokensOf } from "./traceql_tokens";

const kMeasure = /^(rate|\w+_over_time)$/;

export interface GroupedStage {
  /** `rate()` */
  readonly head: string;
  readonly fields: readonly string[];
  /** What may follow: `> 5` */
  readonly tail: string;
}

function cutStage(stage: string): GroupedStage {
  const tokens = tokensOf(stage);
  const by = tokens.find(({ text, kind }) => kind === "word" && text === "by");
  if (!by) {
    const close = tokens.find(({ text }) => text === ")")?.to ?? stage.length;
    return { head: stage.slice(0, close), fields: [], tail: stage.slice(close).trim() };
  }
  const after = tokens.filter(({ from }) => from >= by.to);
  const close = after.find(({ text }) => text === ")");
  const inside = after.filter(({ from }) => from < (close?.from ?? stage.length));
  const fields = inside.filter(({ text, kind }) => text !== "(" && kind !== "comma").map(({ text }) => text);
  return { head: stage.slice(0, by.from).trim(), fields, tail: close ? stage.slice(close.to).trim() : "" };
}

/** Of a stage that computes numbers; undefined of any other. */
export function cutMeasure(stage: string): GroupedStage | undefined {
  return isMeasure(stage) ? cutStage(stage) : undefined;
}

function isMeasure(stage: string): boolean {
  return kMeasure.test(tokensOf(stage)[0]?.text ?? "");
}

function measureOf(text: string): number {
  return partsOf(text).stages.findIndex(isMeasure);
}

/** Undefined where nothing can be grouped: compare(), or a search. */
export function groupsOf(text: string): readonly string[] | undefined {
  const stage = partsOf(text).stages[measureOf(text)];
  return stage === undefined ? undefined : cutStage(stage).fields;
}

export function withGroups(text: string, fields: readonly string[]): string {
  const parts = partsOf(text);
  const at = measureOf(text);
  const stage = parts.stages[at];
  if (stage === undefined) return text;
  const { head, tail } = cutStage(stage);
  const grouped = [head, fields.length > 0 ? `by (${fields.join(", ")})` : "", tail].filter(Boolean).join(" ");
  return textOfParts({ ...parts, stages: parts.stages.map((each, index) => (index === at ? grouped : each)) });
}

export function withGroup(text: string, field: string): string {
  const fields = groupsOf(text) ?? [];
  return withGroups(text, fields.includes(field) ? fields.filter((each) => each !== field) : [...fields, field]);
}
