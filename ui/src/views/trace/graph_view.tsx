// SPDX-License-Identifier: Apache-2.0
// The trace as a graph of calls, and as the table that says the same. A node selects its longest span.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import { type GraphBy, type TraceGraph, traceGraph } from "../../model/trace_graph";
import { GraphDrawing } from "../../widgets/graph/graph_drawing";
import { usePlacedGraph } from "../../widgets/graph/use_placed_graph";
import { address, setParams } from "../router";
import { CallTable } from "./call_table";
import { drawnCalls } from "./drawn_calls";
import type { TraceStore } from "./trace_store";

/** More than this nobody takes in. */
const kMostNodes = 150;
/** Room for what stands on an edge. */
const kRankGap = 80;

export function GraphView({ store }: { readonly store: TraceStore }): VNode {
  const { trace } = store;
  const root = store.rootRow.value;
  const by: GraphBy = address.value.params.get("calls") === "operation" ? "operation" : "service";
  const [from, to] = root < 0 ? [0, trace.count] : [root, root + 1 + trace.descendants(root)];
  const graph = useMemo(() => traceGraph(trace, by, from, to, kMostNodes), [trace, by, from, to]);
  const drawn = useMemo(() => drawnCalls(trace, graph), [trace, graph]);
  const placed = usePlacedGraph(drawn, kRankGap);
  const picked = useSignal(-1);
  const chosen = chosenNode(graph, store.span.value, picked.value);
  const choose = (at: number): void => {
    picked.value = at;
    store.select(graph.nodes[at]!.slowest, "push");
  };
  return (
    <div class="sheet calls-view" data-testid="graph-view">
      <GraphTools by={by} graph={graph} />
      <div class="calls-graph">
        {placed && (
          <GraphDrawing graph={placed} chosen={chosen < 0 ? undefined : String(chosen)} onChoose={(id) => choose(Number(id))} labels="end"
            fitted={false} testId="trace-graph"
            label={`Graph of ${placed.nodes.length} nodes and ${placed.edges.length} edges; the arrow keys walk, Enter selects; the table says the same`} />
        )}
      </div>
      <CallTable trace={trace} graph={graph} by={by} chosen={chosen} onChoose={choose} />
    </div>
  );
}

/** The node that was picked while its span is selected, else that of the selected span. */
function chosenNode({ nodes, nodeOf, first }: TraceGraph, span: number, picked: number): number {
  return nodes[picked]?.slowest === span ? picked : nodeOf[span - first] ?? -1;
}

const kGroupings: readonly (readonly [by: GraphBy, name: string])[] = [["service", "services"], ["operation", "operations"]];

function GraphTools({ by, graph: { folded } }: { readonly by: GraphBy; readonly graph: TraceGraph }): VNode {
  return (
    <div class="sheet-tools">
      <span class="muted">Paths of</span>
      <div class="segment" role="group" aria-label="Paths of">
        {kGroupings.map(([each, name]) => (
          <button key={each} class="button" type="button" aria-pressed={by === each} data-testid={`calls-${each}`}
            onClick={() => setParams({ calls: each === "service" ? undefined : each }, "push")}>
            {name}
          </button>
        ))}
      </div>
      <span class="muted">size: self time; width: time waited; share: of the critical path, with the network all of it</span>
      {folded > 0 && (
        <span data-testid="folded-nodes">
          {formatCount(folded)} {plural(folded, "node")} that took least {plural(folded, "is", "are")} folded
        </span>
      )}
    </div>
  );
}
