// SPDX-License-Identifier: Apache-2.0
// Draws a graph: services are circles in their colour, what sends no spans is dashed. A red arc is the share of
// errors, which the words below a node say too. One node is in the order of Tab, the arrow keys walk to others.
// Beside it stands a table that says the same.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isDirection, neighbourOf, type PlacedEdge, type PlacedGraph, type PlacedNode } from "./drawn_graph";
import { kLineHeight } from "./graph_layout";

export interface GraphDrawingProps {
  readonly graph: PlacedGraph;
  /** The id of a node. */
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  /** In the middle of edges they give way where there are many; at the ends of the edges of a tree there is room. */
  readonly labels: "middle" | "end";
  /** Whether it is shrunk to its place. */
  readonly fitted: boolean;
  readonly label: string;
  readonly testId: string;
}

const kMaxLabels = 24;
/** Up to this height it can be read when it is shrunk to one page. */
const kPrintedHeight = 1300;

export function GraphDrawing({ graph, chosen, onChoose, labels, fitted, label, testId }: GraphDrawingProps): VNode {
  const { nodes, edges, width, height } = graph;
  const box = useRef<SVGSVGElement>(null);
  const focused = useSignal<string | undefined>(undefined);
  const known = (id: string | undefined): boolean => nodes.some((node) => node.id === id);
  const tabStop = [focused.value, chosen].find(known) ?? nodes[0]?.id;
  const elementOf = (id: string | undefined): SVGElement | null =>
    id === undefined ? null : box.current?.querySelector<SVGElement>(`[data-node="${CSS.escape(id)}"]`) ?? null;
  useEffect(() => elementOf(chosen)?.scrollIntoView({ block: "nearest", inline: "nearest" }), [chosen, graph]);
  const onKey = (event: KeyboardEvent, node: PlacedNode): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (node.canBeChosen) onChoose(node.id);
    } else if (isDirection(event.key)) {
      event.preventDefault();
      elementOf(neighbourOf(graph, node.id, event.key)?.id)?.focus();
    }
  };
  const isChosen = ({ from, to }: PlacedEdge): boolean => from === chosen || to === chosen;
  const isLabelled = (edge: PlacedEdge): boolean => edge.label !== "" && (labels === "end" || edges.length <= kMaxLabels || isChosen(edge));
  // Those of the chosen node lie on the others.
  const ordered = [...edges.filter((edge) => !isChosen(edge)), ...edges.filter(isChosen)];
  const shown = [fitted && "is-fitted", height <= kPrintedHeight && "fits-page"].filter(Boolean).join(" ") || undefined;
  return (
    <svg ref={box} class={shown} width={Math.ceil(width)} height={Math.ceil(height)} role="group" aria-label={label}
      viewBox={`0 0 ${Math.ceil(width)} ${Math.ceil(height)}`} data-testid={testId}>
      {ordered.map((edge) => (
        <path key={keyOf(edge)} class={`edge-line${edge.hot ? " edge-hot" : ""}${isChosen(edge) ? " edge-chosen" : ""}`} d={edge.path} stroke-width={edge.width.toFixed(2)}>
          <title>{edge.said}</title>
        </path>
      ))}
      {ordered.filter(isLabelled).map((edge) => <EdgeLabel key={keyOf(edge)} edge={edge} chosen={isChosen(edge)} atEnd={labels === "end"} />)}
      {nodes.map((node) => (
        <Node key={node.id} node={node} chosen={node.id === chosen} tabStop={node.id === tabStop} onChoose={() => onChoose(node.id)}
          onFocus={() => (focused.value = node.id)} onKey={(event) => onKey(event, node)} />
      ))}
    </svg>
  );
}

const keyOf = ({ from, to }: PlacedEdge): string => `${from}\n${to}`;

interface EdgeLabelProps {
  readonly edge: PlacedEdge;
  readonly chosen: boolean;
  readonly atEnd: boolean;
}

function EdgeLabel({ edge: { hot, label, middle, end }, chosen, atEnd }: EdgeLabelProps): VNode {
  const { x, y } = atEnd ? end : middle;
  return (
    <text class={`edge-label${hot ? " hot" : ""}${chosen ? " chosen" : ""}`} x={atEnd ? x - 6 : x} y={y - (atEnd ? 6 : 4)} text-anchor={atEnd ? "end" : "middle"} aria-hidden="true">
      {label}
    </text>
  );
}

interface NodeProps {
  readonly node: PlacedNode;
  readonly chosen: boolean;
  readonly tabStop: boolean;
  readonly onChoose: () => void;
  readonly onFocus: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function Node({ node, chosen, tabStop, onChoose, onFocus, onKey }: NodeProps): VNode {
  const { x, y, radius, name, lines, alarm, errorShare, color, said, canBeChosen } = node;
  const texts = [{ text: name, of: "node-name" }, ...lines.map((text) => ({ text, of: "node-line" }))];
  if (alarm) texts.push({ text: alarm, of: "node-alarm" });
  return (
    <g class={color ? `node ${color}` : "node"} data-node={node.id} role="button" tabindex={tabStop ? 0 : -1} aria-label={said} aria-pressed={chosen}
      aria-disabled={canBeChosen ? undefined : "true"} onClick={() => canBeChosen && onChoose()} onFocus={onFocus} onKeyDown={onKey}>
      <title>{said}</title>
      <Shape node={node} />
      {errorShare > 0 && <ErrorArc x={x} y={y} radius={radius + 3} share={errorShare} />}
      {chosen && <circle class="node-pick" cx={x} cy={y} r={radius + 7} />}
      {texts.map(({ text, of }, at) => (
        <text key={at} class={of} x={x} y={y + radius + 14 + kLineHeight * at} text-anchor="middle">{`${text} `}</text>
      ))}
    </g>
  );
}

function Shape({ node: { x, y, radius: r, shape } }: { readonly node: PlacedNode }): VNode {
  switch (shape) {
    case "circle":
      return <circle class="node-fill" cx={x} cy={y} r={r} />;
    case "ring":
      return <circle class="node-ring" cx={x} cy={y} r={r} />;
    case "dashed-circle":
      return <circle class="node-inferred" cx={x} cy={y} r={r} />;
    case "box":
      return <rect class="node-inferred" x={x - r} y={y - r} width={2 * r} height={2 * r} rx="3" />;
    case "queue": {
      const high = r * 0.65;
      const third = (2 * r) / 3;
      const walls = [1, 2].map((at) => `M${x - r + at * third} ${y - high}v${2 * high}`).join("");
      return <path class="node-inferred" d={`M${x - r} ${y - high}h${2 * r}v${2 * high}h${-2 * r}z${walls}`} />;
    }
    case "drum": {
      const [wide, high] = [r * 0.85, r * 0.8];
      const lid = `c0 4 ${2 * wide} 4 ${2 * wide} 0`;
      return <path class="node-inferred" d={`M${x - wide} ${y - high}v${2 * high}${lid}v${-2 * high}c0 -4 ${-2 * wide} -4 ${-2 * wide} 0${lid}`} />;
    }
  }
}

/** Longer for more; a share of one in five goes all round. */
function ErrorArc({ x, y, radius, share }: { readonly x: number; readonly y: number; readonly radius: number; readonly share: number }): VNode {
  const round = 2 * Math.PI * radius;
  const part = Math.min(1, Math.sqrt(share / 0.2)) * round;
  return (
    <circle class="node-err" cx={x} cy={y} r={radius} stroke-dasharray={`${part.toFixed(1)} ${(round - part).toFixed(1)}`} transform={`rotate(-90 ${x} ${y})`} />
  );
}
