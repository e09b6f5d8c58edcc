// SPDX-License-Identifier: Apache-2.0
// What the graph draws around one service, in words: who calls it and what it calls.
import type { VNode } from "preact";
import { formatDuration, formatNumber } from "../../base/format";
import { kSecond } from "../../base/time";
import { colorClass, hashedColor } from "../../model/service_color";
import type { GraphEdge, ServiceGraph } from "../../model/service_graph";

const kMaxCalls = 8;

export function CallList({ graph, node }: { readonly graph: ServiceGraph; readonly node: string }): VNode {
  const busiest = (edges: readonly GraphEdge[]): readonly GraphEdge[] => [...edges].sort((a, b) => b.rate - a.rate);
  return (
    <div class="calls">
      <Calls title="Called by" edges={busiest(graph.edges.filter(({ to }) => to === node))} other={({ from }) => from} />
      <Calls title="Calls" edges={busiest(graph.edges.filter(({ from }) => from === node))} other={({ to }) => to} />
    </div>
  );
}

interface CallsProps {
  readonly title: string;
  readonly edges: readonly GraphEdge[];
  readonly other: (edge: GraphEdge) => string;
}

function Calls({ title, edges, other }: CallsProps): VNode {
  return (
    <section aria-label={title} data-testid="calls">
      <h3>{title}{edges.length === 0 && <span class="muted"> nobody</span>}</h3>
      <ul>
        {edges.slice(0, kMaxCalls).map((edge) => {
          const [kind, name] = split(other(edge));
          return (
            <li key={other(edge)}>
              {kind === "service" ? <span class={`chip ${colorClass(hashedColor(name))}`} /> : <span class="chip rest" />}
              <span class="op" title={name}>{name}</span>
              {kind !== "service" && kind !== name && <span class="muted">{kind}</span>}
              <span class="num">{formatNumber(edge.rate * 60)}/min</span>
              <span class="num muted">{edge.p95 > 0 && `p95 ${formatDuration(edge.p95 * kSecond)}`}</span>
            </li>
          );
        })}
      </ul>
      {edges.length > kMaxCalls && <p class="muted">{edges.length - kMaxCalls} more</p>}
    </section>
  );
}

function split(id: string): readonly [kind: string, name: string] {
  const cut = id.indexOf(" ");
  return [id.slice(0, cut), id.slice(cut + 1)];
}
