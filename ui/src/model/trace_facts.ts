// SPDX-License-Identifier: Apache-2.0
// What the head of the trace page states, each fact computed from the spans alone.
import { formatDuration, formatWithUnit, unitForTrace } from "../base/format";
import type { SpanNode, SpanTree } from "./span_tree";
import { findAttribute } from "./trace";

export interface TraceFacts {
  readonly root: SpanNode;
  readonly spanCount: number;
  readonly serviceCount: number;
  readonly errorCount: number;
  /** The status code of the root's answer, when it was HTTP. */
  readonly httpStatus: string | undefined;
  readonly mostSelf: SpanNode;
}

/** Undefined when the trace has no span. */
export function traceFacts(tree: SpanTree): TraceFacts | undefined {
  const root = tree.nodes[0];
  if (!root) return undefined;
  let mostSelf = root;
  let errorCount = 0;
  const services = new Set<string>();
  for (const node of tree.nodes) {
    services.add(node.span.resource.service);
    if (node.span.status === "error") ++errorCount;
    if (node.selfTime > mostSelf.selfTime) mostSelf = node;
  }
  const httpStatus = findAttribute(root.span.attributes, "http.response.status_code", "http.status_code");
  return { root, spanCount: tree.nodes.length, serviceCount: services.size, errorCount, httpStatus, mostSelf };
}

/** "1.24 s. Most self time: uservice4 database_call, 1 086 ms." in its three parts. */
export function factsSentence(tree: SpanTree, facts: TraceFacts): readonly [string, string, string] {
  const { span, selfTime } = facts.mostSelf;
  return [
    `${formatDuration(tree.length)}.`,
    `${span.resource.service} ${span.name}`,
    formatWithUnit(unitForTrace(tree.length), selfTime),
  ];
}

/** The node of the next error after `index`, round the end; -1 without errors. */
export function nextError(nodes: readonly SpanNode[], index: number): number {
  for (let step = 1; step <= nodes.length; ++step) {
    const at = (index + step + nodes.length) % nodes.length;
    if (nodes[at]?.span.status === "error") return at;
  }
  return -1;
}

/** Indices of the nodes with the most self time, largest first. */
export function mostSelfTime(nodes: readonly SpanNode[], count: number): readonly number[] {
  const indices = nodes.map((_, index) => index);
  return indices.sort((a, b) => nodes[b]!.selfTime - nodes[a]!.selfTime || a - b).slice(0, count);
}
