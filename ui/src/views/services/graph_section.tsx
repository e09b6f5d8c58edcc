// SPDX-License-Identifier: Apache-2.0
// The right half of the Services page: the graph, how much of it is shown, and the calls of the chosen service.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount, kThinSpace, plural } from "../../base/format";
import { colorClass, hashedColor } from "../../model/service_color";
import { cutGraph, kLeasts, type ServiceGraph } from "../../model/service_graph";
import { type ServiceStats, worstService } from "../../model/service_stats";
import type { ServiceWaits } from "../../model/service_waits";
import type { ServicesQuery } from "../../model/services_query";
import { addRange } from "../../model/time_range";
import { quoted } from "../../model/traceql_tokens";
import { GraphDrawing } from "../../widgets/graph/graph_drawing";
import { usePlacedGraph } from "../../widgets/graph/use_placed_graph";
import { CallList } from "./call_list";
import { drawnServices } from "./drawn_services";
import { WaitsFor } from "./waits_for";

export interface GraphSectionProps {
  readonly graph: ServiceGraph | undefined;
  readonly services: readonly ServiceStats[];
  /** Of the chosen service, once it is known. */
  readonly waits: ServiceWaits | undefined;
  readonly query: ServicesQuery;
  readonly onQuery: (changes: Partial<ServicesQuery>) => void;
}

/** More than this is drawn around one service only. */
const kMaxNodes = 300;
/** Larger ones are scrolled, not shrunk until nobody reads them. */
const kMaxFitted = 60;
const kRankGap = 72;

export function GraphSection({ graph, services, waits, query, onQuery }: GraphSectionProps): VNode {
  const { service, depth, least } = query;
  const stats = useMemo(() => new Map(services.map((each) => [each.name, each])), [services]);
  const chosen = service ? `service ${service}` : undefined;
  const tooLarge = (graph?.nodes.length ?? 0) > kMaxNodes;
  const focus = Number.isFinite(depth) ? chosen : tooLarge ? chosen ?? worstService(services, graph?.nodes ?? []) : undefined;
  const cut = useMemo(
    () => graph && cutGraph(graph, { focus, depth: tooLarge && !Number.isFinite(depth) ? 1 : depth, least }),
    [graph, focus, depth, least, tooLarge],
  );
  const drawn = useMemo(() => cut && drawnServices(cut, stats), [cut, stats]);
  const placed = usePlacedGraph(drawn, kRankGap);
  return (
    <section class="svc-right" aria-label="Calls">
      <GraphTools service={service} depth={depth} least={least} hidden={cut?.hiddenEdges ?? 0} onQuery={onQuery} />
      <div class="graph">
        {placed && placed.nodes.length > 0 && (
          <GraphDrawing graph={placed} chosen={chosen} labels="middle" fitted={placed.nodes.length <= kMaxFitted} testId="service-graph"
            label={`Graph of ${placed.nodes.length} nodes and ${placed.edges.length} calls; the table and the list of calls say the same`}
            onChoose={(id) => onQuery({ service: id.slice("service ".length) })} />
        )}
        {graph && graph.nodes.length === 0 && <p class="muted graph-note">No service called another in this time.</p>}
      </div>
      {service && graph && (
        <div class="dep" data-testid="service-calls">
          <header>
            <h2>
              <span class={`chip ${colorClass(hashedColor(service))}`} /> {service}
            </h2>
            <span class="spring" />
            <a class="button small" href={tracesAddress(query)} data-testid="service-traces">Traces <kbd>t</kbd></a>
            <a class="button small" href={chartsAddress(query)} data-testid="service-charts">Charts <kbd>m</kbd></a>
          </header>
          {waits && waits.parts.length > 0 && <WaitsFor waits={waits} />}
          <CallList graph={graph} node={`service ${service}`} />
        </div>
      )}
    </section>
  );
}

interface GraphToolsProps {
  readonly service: string;
  readonly depth: number;
  readonly least: number | undefined;
  readonly hidden: number;
  readonly onQuery: (changes: Partial<ServicesQuery>) => void;
}

const kDepths = [1, 2, Infinity];

function GraphTools({ service, depth, least, hidden, onQuery }: GraphToolsProps): VNode {
  return (
    <div class="bar-row">
      <h2>Calls</h2>
      <span class="muted graph-key">width: rate; label: p95; red ring: error share</span>
      <span class="spring" />
      <label class="limit">
        <span class="sr">Calls that are left out</span>
        <select value={String(least ?? "")} data-testid="least-input"
          onChange={(event) => onQuery({ least: kLeasts.find((each) => String(each) === event.currentTarget.value) })}>
          <option value="">frequent calls</option>
          {kLeasts.map((each) => (
            <option key={each} value={String(each)}>
              {each === 0 ? "every call" : `calls over ${each * 100}${kThinSpace}%`}
            </option>
          ))}
        </select>
      </label>
      {hidden > 0 && <span class="muted hidden-calls" data-testid="hidden-edges">{formatCount(hidden)} {plural(hidden, "call")} hidden</span>}
      <span class="muted focus">{service ? `Focus ${service}` : "Focus"}</span>
      <div class="segment" role="group" aria-label="Calls from the focus">
        {kDepths.map((each) => (
          <button key={each} class="button small" type="button" aria-pressed={each === depth} disabled={!service} data-testid={`depth-${each}`}
            onClick={() => onQuery({ depth: each })}>
            {Number.isFinite(each) ? each : "All"}
          </button>
        ))}
      </div>
    </div>
  );
}

export function tracesAddress({ service, ...range }: ServicesQuery): string {
  const params = new URLSearchParams({ q: `{ resource.service.name = ${quoted(service)} }` });
  addRange(params, range);
  return `/find?${params}`;
}

export function chartsAddress({ service, ...range }: ServicesQuery): string {
  const params = new URLSearchParams({ q: `{ resource.service.name = ${quoted(service)} } | quantile_over_time(duration, .5, .95, .99)` });
  addRange(params, range);
  return `/chart?${params}`;
}
