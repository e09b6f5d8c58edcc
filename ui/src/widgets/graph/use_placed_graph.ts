// SPDX-License-Identifier: Apache-2.0
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DrawnGraph, PlacedGraph } from "./drawn_graph";
import { placeGraph } from "./graph_layout";

/** The graph once it is placed; until then the one before. */
export function usePlacedGraph(graph: DrawnGraph | undefined, rankGap: number): PlacedGraph | undefined {
  const placed = useSignal<PlacedGraph | undefined>(undefined);
  useEffect(() => {
    let newer = false;
    if (graph) void placeGraph(graph, rankGap).then((next) => newer || (placed.value = next));
    return () => void (newer = true);
  }, [graph, rankGap]);
  return placed.value;
}
