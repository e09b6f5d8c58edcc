// SPDX-License-Identifier: Apache-2.0
// What a search says of the spans that match, as columns: those that the reader chose, and every attribute the
// query names.
import { unquoted } from "./traceql_tokens";
import { type Attribute, attributeText, findAttribute, type MatchedSpan, type TraceSummary } from "./trace";

/** Wider tables than this are read by nobody. */
export const kMaxColumns = 8;
/** It is shown in front of the name. */
const kServiceKey = "service.name";

/** Keys of attributes. `chosen`: fields as TraceQL has them, which are columns even of nothing. */
export function columnsOf(traces: readonly TraceSummary[], chosen: readonly string[] = []): readonly string[] {
  const keys = new Set(chosen.map(keyOfField));
  for (const { spansets } of traces) {
    for (const { attributes, spans } of spansets) {
      for (const { key } of attributes) keys.add(key);
      for (const span of spans) for (const { key } of span.attributes) if (key !== kServiceKey) keys.add(key);
    }
  }
  return [...keys].slice(0, kMaxColumns);
}

/** An answer names an attribute without its scope: `span."a b"` is "a b". */
export function keyOfField(field: string): string {
  const name = field.replace(/^(span|resource|event|link|instrumentation)?\./, "");
  return unquoted(name) ?? name;
}

/** Chosen, or not any more. */
export function withColumn(chosen: readonly string[], field: string): readonly string[] {
  return chosen.includes(field) ? chosen.filter((each) => each !== field) : [...chosen, field].slice(0, kMaxColumns);
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
