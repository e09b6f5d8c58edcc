// SPDX-License-Identifier: Apache-2.0
// The graph of calls as a table: a row for each node and the calls that lead to it.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatCount, formatShare, formatWithUnit, kThinSpace } from "../../base/format";
import { colorClass } from "../../model/service_color";
import type { ShownTrace } from "../../model/shown_trace";
import type { GraphBy, TraceGraph, TraceNode } from "../../model/trace_graph";
import { nameOf, nodeShare, sendsSpans, serviceOf } from "./drawn_calls";

export interface CallTableProps {
  readonly trace: ShownTrace;
  readonly graph: TraceGraph;
  readonly by: GraphBy;
  /** Number of a node; -1 for none. */
  readonly chosen: number;
  readonly onChoose: (node: number) => void;
}

const kIndent = 12;
/** Deeper ones stand no further to the right. */
const kMostLevels = 12;

export function CallTable({ trace, graph: { nodes }, by, chosen, onChoose }: CallTableProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [chosen, nodes]);
  return (
    <div class="calls-table" ref={box}>
      <table data-testid="call-table">
        <thead>
          <tr>
            <th>{by === "service" ? "Service" : "Operation"}</th>
            <th>Called by</th>
            <th class="num">Calls</th>
            <th class="num">Waited</th>
            <th class="num">Network</th>
            <th class="num">Spans</th>
            <th class="num">Errors</th>
            <th class="num">Self</th>
            <th class="num">Share</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node, at) => (
            <Row key={at} trace={trace} node={node} caller={nodes[node.caller]} chosen={at === chosen} onChoose={() => onChoose(at)} />
          ))}
        </tbody>
        <Sums trace={trace} nodes={nodes} />
      </table>
    </div>
  );
}

interface RowProps {
  readonly trace: ShownTrace;
  readonly node: TraceNode;
  readonly caller: TraceNode | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Row({ trace, node, caller, chosen, onChoose }: RowProps): VNode {
  const { kind, calls, waited, network, spans, errors, self, color, level } = node;
  const time = (nanos: number): string => (nanos > 0 ? formatWithUnit(trace.unit, nanos) : "");
  return (
    <tr aria-selected={chosen} data-testid="call-row" data-name={nameOf(node)}>
      <td>
        <button type="button" class="names" onClick={onChoose}>
          <svg class="spacer" width={kIndent * Math.min(level, kMostLevels)} height="1" aria-hidden="true" />
          <span class={kind === "spans" ? `chip ${colorClass(color)}` : kind === "rest" ? "chip rest" : "chip dashed"} />
          {serviceOf(node) && <span class="muted">{serviceOf(node)}</span>} {nameOf(node)}
        </button>
      </td>
      <td class="soft">{caller && nameOf(caller)}</td>
      <td class="num">{calls > 0 && formatCount(calls)}</td>
      <td class="num">{time(waited)}</td>
      <td class="num">{network > 0 && <>{time(network)} <span class="muted">{formatShare(network, waited)}</span></>}</td>
      <td class="num">{sendsSpans(node) ? formatCount(spans) : <span class="muted">none sent</span>}</td>
      <td class="num">{errors > 0 && <span class="err">!{kThinSpace}{formatCount(errors)}</span>}</td>
      <td class="num">{formatWithUnit(trace.unit, self)}</td>
      <td class="num strong">{nodeShare(trace, node)}</td>
    </tr>
  );
}

/** The network owns a part of the path too; with it the nodes are the trace. */
function Sums({ trace, nodes }: { readonly trace: ShownTrace; readonly nodes: readonly TraceNode[] }): VNode {
  const sum = (of: (node: TraceNode) => number): number => nodes.reduce((all, node) => all + of(node), 0);
  const network = sum((node) => node.network);
  const whole = trace.duration(trace.data.root);
  const path = sum(({ networkPath }) => networkPath);
  return (
    <tfoot>
      {network > 0 && (
        <tr>
          <td>Network</td>
          <td colSpan={6} />
          <td class="num">{formatWithUnit(trace.unit, network)}</td>
          <td class="num strong">{formatShare(path, whole)}</td>
        </tr>
      )}
      <tr>
        <td>Sum</td>
        <td colSpan={4} />
        <td class="num">{formatCount(sum(({ spans }) => spans))}</td>
        <td />
        <td class="num">{formatWithUnit(trace.unit, network + sum(({ self }) => self))}</td>
        <td class="num strong">{formatShare(path + sum((node) => node.path), whole)}</td>
      </tr>
    </tfoot>
  );
}
