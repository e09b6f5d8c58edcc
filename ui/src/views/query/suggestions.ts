// SPDX-License-Identifier: Apache-2.0
// What completion offers: words of the language, and names and values that are stored.
import { readTagNames, readTagValues } from "../../api/client";
import type { TagValue } from "../../api/search_json";
import { completionPlace, type Expected } from "../../model/traceql_context";
import { quoted } from "../../model/traceql_tokens";
import {
  isDurationField, keywordsOf, kComparisons, kGrouping, kIntrinsics, kJoins, kMetricsFunctions, kScopes, kSpansetJoins, kStages, type Word,
} from "../../model/traceql_words";
import type { Suggestion, Suggestions } from "../../widgets/editor/code_language";

const kKeptMs = 60_000;
const kMaxKept = 200;
const kDurations = ["10ms", "100ms", "500ms", "1s", "5s", "10s", "1m"];

/** A search takes no functions of metrics, so they are offered for `metrics` only. */
export async function suggestAt(text: string, cursor: number, explicit: boolean, metrics: boolean): Promise<Suggestions | undefined> {
  const { expected, from, to } = completionPlace(text, cursor);
  // A query that is whole is left in peace until the reader asks.
  const whole = expected.kind === "spansetJoin" || expected.kind === "grouping" || expected.kind === "spanset";
  if (whole && !explicit && from === cursor) return undefined;
  const options = await optionsOf(expected, text.slice(from, cursor), metrics);
  return options.length > 0 ? { from, to, options } : undefined;
}

async function optionsOf(expected: Expected, typed: string, metrics: boolean): Promise<readonly Suggestion[]> {
  switch (expected.kind) {
    case "field": return fields(typed, expected.inBraces);
    case "comparison": return spaced(kComparisons);
    case "value": return values(expected.field, expected.query);
    case "join": return [...spaced(kJoins), { label: "}", detail: "end of the filter" }];
    case "spansetJoin": return spaced(kSpansetJoins);
    case "stage": return kStages.filter(({ text }) => metrics || !isOfMetrics(text)).map(stage);
    case "grouping": return kGrouping.map(stage);
    case "spanset": return [{ label: "{ }", detail: "spans that match", insert: "{ ¦ }", chains: true }];
    case "nothing": return [];
  }
}

function isOfMetrics(text: string): boolean {
  const name = /^\w*/.exec(text)?.[0] ?? "";
  return kMetricsFunctions.has(name) || name === "topk" || name === "bottomk";
}

function spaced(words: readonly Word[]): readonly Suggestion[] {
  return words.map(({ text, about }) => ({ label: text, detail: about, insert: `${text} `, chains: true }));
}

function stage({ text, about }: Word): Suggestion {
  return { label: text.replace("¦", ""), detail: about, insert: text, chains: /\(¦\)/.test(text) };
}

/** In braces a comparison follows a field, so that is offered next. */
async function fields(typed: string, inBraces: boolean): Promise<readonly Suggestion[]> {
  const field = (label: string, detail: string): Suggestion =>
    ({ label, detail, insert: inBraces ? `${label} ` : label, chains: inBraces });
  const names = await kept("names", async () => {
    const answer = await readTagNames();
    return answer.ok ? answer.value : undefined;
  });
  const stored = (names ?? []).map((name) => field(name, "attribute"));
  if (typed.startsWith(".")) {
    const bare = new Set((names ?? []).map((name) => name.slice(name.indexOf("."))));
    return [...bare].map((name) => field(name, "in any scope"));
  }
  const known = kIntrinsics.map(({ text, about }) => field(text, about));
  const scopes = kScopes.map(({ text, about }): Suggestion => ({ label: text, detail: about, chains: true }));
  return [...known, ...scopes, ...stored];
}

async function values(field: string, query: string): Promise<readonly Suggestion[]> {
  const keywords = keywordsOf(field);
  if (keywords.length > 0) return keywords.map((label) => value(label));
  if (isDurationField(field)) return kDurations.map((label) => value(label));
  const found = await kept(`${field} ${query}`, async () => {
    const answer = await readTagValues(field, query);
    return answer.ok ? answer.value : undefined;
  });
  return (found ?? []).map((tag) => value(literalOf(tag)));
}

function value(label: string): Suggestion {
  return { label, insert: `${label} ` };
}

function literalOf({ type, value: text }: TagValue): string {
  return type === "string" ? quoted(text) : text;
}

// --- answers are kept for a minute: each letter that is typed asks ---

const answers = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();

function kept<T>(key: string, read: () => Promise<T>): Promise<T> {
  const found = answers.get(key);
  if (found && found.until > Date.now()) return found.value as Promise<T>;
  if (answers.size >= kMaxKept) answers.clear();
  const value = read();
  answers.set(key, { until: Date.now() + kKeptMs, value });
  // What could not be read is asked again.
  void value.then((answer) => answer === undefined && answers.delete(key));
  return value;
}
