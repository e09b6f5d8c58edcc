// SPDX-License-Identifier: Apache-2.0
// TraceQL as the editor needs it: how its tokens look and what may follow at the cursor.
import { type Token, type TokenKind, tokensOf } from "../../model/traceql_tokens";
import { isIntrinsic } from "../../model/traceql_words";
import type { CodeLanguage, CodeMark } from "../../widgets/editor/code_language";
import { suggestAt } from "./suggestions";

const kClasses: Readonly<Record<TokenKind, string>> = {
  brace: "q-sign",
  paren: "q-sign",
  comma: "q-sign",
  pipe: "q-sign",
  operator: "q-sign",
  attribute: "q-field",
  intrinsic: "q-field",
  word: "q-word",
  number: "q-value",
  string: "q-value",
  comment: "q-comment",
  unknown: "q-unknown",
};

function markOf({ kind, text, from, to }: Token): CodeMark {
  const field = kind === "word" && isIntrinsic(text);
  return { from, to, class: field ? kClasses.attribute : kClasses[kind] };
}

function language(metrics: boolean): CodeLanguage {
  return {
    marks: (text) => tokensOf(text).map(markOf),
    suggest: (text, cursor, explicit) => suggestAt(text, cursor, explicit, metrics),
  };
}

/** A query for spans, and one for numbers over time. */
export const kSpansTraceql = language(false);
export const kMetricsTraceql = language(true);
