// SPDX-License-Identifier: Apache-2.0
// The fields whose values stand beside the results, each to be filtered by with one click.
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
  readonly spans: number;
  /** Seconds; undefined while it is not known. */
  readonly p95: number | undefined;
}

export interface Facet extends FacetField {
  readonly values: readonly FacetValue[];
}

const kAlways: readonly FacetField[] = [
  { field: "resource.service.name", title: "Service" },
  { field: "trace:rootName", title: "Root operation" },
  { field: "status", title: "Status" },
];

/** Of each group the first that is stored. */
const kPinned: readonly (readonly string[])[] = [
  ["span.http.response.status_code", "span.http.status_code", "span.rpc.grpc.status_code"],
  ["span.http.route", "span.http.target"],
  ["resource.service.version"],
  ["resource.cloud.availability_zone", "resource.cloud.region", "resource.k8s.node.name", "resource.host.name"],
  ["resource.deployment.environment.name", "resource.deployment.environment"],
];

/** The fields of facets, given the names that are stored. */
export function facetFields(names: readonly string[]): readonly FacetField[] {
  const pinned = kPinned.flatMap((group) => group.filter((field) => names.includes(field)).slice(0, 1));
  return [...kAlways, ...pinned.map((field) => ({ field, title: field.replace(/^(span|resource)\./, "") }))];
}

export function facetMatcher(field: string, text: string, type: string): Matcher {
  return { field, operator: "=", value: type === "string" ? quoted(text) : writtenValue(field, text) };
}
