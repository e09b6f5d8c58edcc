// SPDX-License-Identifier: Apache-2.0
// The graph of calls of a trace in words, and as it is drawn.
import { formatCount, formatShare, formatWithUnit, kThinSpace, middleEllipsis, plural } from "../../base/format";
import { colorClass } from "../../model/service_color";
import type { ShownTrace } from "../../model/shown_trace";
import type { TraceGraph, TraceNode } from "../../model/trace_graph";
import type { DrawnEdge, DrawnGraph, DrawnNode, NodeShape } from "../../widgets/graph/drawn_graph";

const kShapes: Readonly<Record<TraceNode["kind"], NodeShape>> = { spans: "circle", callee: "box", queue: "queue", rest: "ring" };
/** Longer names lose their middle; their words have them whole. */
const kLetters = 30;

export function drawnCalls(trace: ShownTrace, { nodes }: TraceGraph): DrawnGraph {
  return {
    nodes: nodes.map((node, at) => drawnNode(trace, node, at)),
    edges: nodes.flatMap((node, at) => (node.caller < 0 ? [] : [drawnEdge(trace, node, nodes[node.caller]!, at)])),
  };
}

/** What is written for it: a callee and a rest have no name of their own. */
export function nameOf({ kind, name, folded }: TraceNode): string {
  if (kind === "rest") return `${formatCount(folded)} more`;
  return name || (kind === "callee" ? "not instrumented" : "no name");
}

/** A node of another name than its service is an operation. */
export function serviceOf({ kind, name, service }: TraceNode): string {
  return kind === "spans" && name !== service ? service : "";
}

export function sendsSpans({ kind }: TraceNode): boolean {
  return kind === "spans" || kind === "rest";
}

/** The part of the critical path that is its own. */
export function nodeShare(trace: ShownTrace, { path }: TraceNode): string {
  return formatShare(path, trace.duration(trace.data.root));
}

export function spansText({ spans }: TraceNode): string {
  return `${formatCount(spans)} ${plural(spans, "span")}`;
}

export function callsText({ calls }: TraceNode): string {
  return `${formatCount(calls)} ${plural(calls, "call")}`;
}

export function errorsText({ errors }: TraceNode): string {
  return errors > 0 ? `!${kThinSpace}${formatCount(errors)} ${plural(errors, "error")}` : "";
}

function drawnNode(trace: ShownTrace, node: TraceNode, at: number): DrawnNode {
  const { errors, spans, calls, color, self } = node;
  const [time, share, service] = [formatWithUnit(trace.unit, self), nodeShare(trace, node), serviceOf(node)];
  const count = sendsSpans(node) ? spansText(node) : "no spans";
  const name = middleEllipsis(nameOf(node), kLetters);
  const lines = [...(service ? [middleEllipsis(service, kLetters)] : []), `${time}, ${share}`, count];
  const alarm = errorsText(node);
  const whole = name === nameOf(node) ? [] : [nameOf(node)];
  return {
    id: String(at),
    shape: kShapes[node.kind],
    name, lines, alarm,
    color: node.kind === "spans" ? colorClass(color) : "",
    weight: self,
    errorShare: errors / Math.max(1, sendsSpans(node) ? spans : calls),
    said: [name, ...lines, ...(alarm ? [alarm] : []), ...whole].join(", "),
    canBeChosen: true,
  };
}

function drawnEdge(trace: ShownTrace, node: TraceNode, caller: TraceNode, at: number): DrawnEdge {
  const { waited, network } = node;
  const time = (nanos: number): string => formatWithUnit(trace.unit, nanos);
  return {
    from: String(node.caller),
    to: String(at),
    weight: waited,
    label: `${callsText(node)}, ${time(waited)}`,
    hot: false,
    said: `${nameOf(caller)} to ${nameOf(node)}, ${callsText(node)}, waited ${time(waited)}${network > 0 ? `, of it network ${time(network)}, ${formatShare(network, waited)}` : ""}`,
  };
}
