// SPDX-License-Identifier: Apache-2.0
// The fields whose values stand beside the results, each to be filtered by with one click. What is counted are
// the traces that would be left.
import { type Matcher, writtenValue } from "./traceql_filter";
import { quoted } from "./traceql_tokens";

export interface FacetField {
  /** As TraceQL has it. */
  readonly field: string;
  readonly title: string;
}

export interface FacetValue {
  readonly text: string;
  readonly matcher: Matcher;
  /** That have a matching span with it. */
  readonly traces: number;
  /** Seconds, of these traces. */
  readonly p95: number;
}

export interface Facet extends FacetField {
  readonly values: readonly FacetValue[];
}

/** That the reader added: it stands there without values too. */
export interface OwnFacet extends FacetField {
  /** Undefined: not read yet, or nobody knows. */
  readonly values: readonly FacetValue[] | undefined;
}

const kAlways: readonly FacetField[] = [
  { field: "resource.service.name", title: "Service" },
  { field: "trace:rootName", title: "Root operation" },
  { field: "status", title: "Status" },
];

/** Of each group the first that matching spans have. */
const kPinned: readonly (readonly string[])[] = [
  ["span.http.response.status_code", "span.http.status_code", "span.rpc.grpc.status_code"],
  ["span.http.route", "span.http.target"],
  ["resource.service.version"],
  ["resource.cloud.availability_zone", "resource.cloud.region", "resource.k8s.node.name", "resource.host.name"],
  ["resource.deployment.environment.name", "resource.deployment.environment"],
];

/**
 * The fields of facets, given the names that are stored: of each facet those that it may be of, the first that has values.
 * Those of `own`, which the reader added, stand elsewhere.
 */
export function facetFields(names: readonly string[], own: readonly string[] = []): readonly (readonly FacetField[])[] {
  const pinned = kPinned.map((group) => group.filter((field) => names.includes(field)).map(facetField));
  return [...kAlways.map((field) => [field]), ...pinned]
    .map((group) => group.filter(({ field }) => !own.includes(field)))
    .filter(({ length }) => length > 0);
}

export function facetField(field: string): FacetField {
  return { field, title: field.replace(/^(span|resource)\./, "") };
}

export function facetMatcher(field: string, text: string, type: string): Matcher {
  return { field, operator: "=", value: type === "string" ? quoted(text) : writtenValue(field, text) };
}
