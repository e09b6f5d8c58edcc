// SPDX-License-Identifier: Apache-2.0
// What a search says of the spans that match, as columns: every attribute the query names.
import { type Attribute, attributeText, findAttribute, type MatchedSpan, type TraceSummary } from "./trace";

/** Wider tables than this are read by nobody. */
const kMaxColumns = 8;
/** It is shown in front of the name. */
const kServiceKey = "service.name";

export function columnsOf(traces: readonly TraceSummary[]): readonly string[] {
  const keys = new Set<string>();
  for (const { spansets } of traces) {
    for (const { attributes, spans } of spansets) {
      for (const { key } of attributes) keys.add(key);
      for (const span of spans) for (const { key } of span.attributes) if (key !== kServiceKey) keys.add(key);
    }
  }
  return [...keys].slice(0, kMaxColumns);
}

export function serviceOfSpan(span: MatchedSpan): string {
  return findAttribute(span.attributes, kServiceKey) ?? "";
}

/** How many spans of the trace match. */
export function matchedOf({ spansets }: TraceSummary): number {
  return spansets.reduce((sum, { matched }) => sum + matched, 0);
}

export interface TraceValue {
  /** The first value, of the spanset or of its spans. */
  readonly text: string;
  /** How many others there are. */
  readonly others: number;
}

/** What a column says of a whole trace; undefined for nothing. */
export function traceValue({ spansets }: TraceSummary, key: string): TraceValue | undefined {
  const values = new Set<string>();
  const add = (attributes: readonly Attribute[]): void => {
    for (const attribute of attributes) if (attribute.key === key) values.add(attributeText(attribute.value));
  };
  for (const { attributes, spans } of spansets) {
    add(attributes);
    for (const span of spans) add(span.attributes);
  }
  const [text] = values;
  return text === undefined ? undefined : { text, others: values.size - 1 };
}
