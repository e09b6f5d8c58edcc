// SPDX-License-Identifier: Apache-2.0
// The Services page: how each service does, as a table and as a graph of who calls whom.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import { sortedStats, type ServiceStats } from "../../model/service_stats";
import { paramsFromServices, servicesFromParams, type ServicesQuery, withOpen } from "../../model/services_query";
import { useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { TextField } from "../../widgets/text_field";
import { RangeField } from "../query/range_field";
import { fixedNow, kShareHint, ShareButton, sharedAddress } from "../query/share_button";
import { address, goTo, type HistoryStep } from "../router";
import { kScreensHint } from "../screens";
import { TopBar } from "../top_bar";
import { chartsAddress, GraphSection, tracesAddress } from "./graph_section";
import { createServicesStore, type ServicesState } from "./services_state";
import { ServicesTable } from "./services_table";

const kHints = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["l", "h"], action: "operations" },
  { keys: ["/"], action: "filter" },
  { keys: ["f"], action: "focus" },
  { keys: ["1", "2", "3"], action: "depth" },
  { keys: ["s"], action: "traces" },
  { keys: ["m"], action: "charts" },
  kShareHint,
  { keys: ["r"], action: "ask again" },
  kScreensHint,
  { keys: ["?"], action: "close this" },
];

export function ServicesView(): VNode {
  const store = useMemo(createServicesStore, []);
  const query = servicesFromParams(address.value.params);
  const { range, start, end, filter, service, sort, open } = query;
  const run = (): void => store.run({ range, start, end });
  useEffect(() => {
    document.title = "Services, clew";
    return () => store.stop();
  }, []);
  useEffect(() => store.choose(service), [service]);
  useEffect(run, [range, start, end]);
  useEffect(() => store.open(open), [JSON.stringify(open)]);

  const change = (changes: Partial<ServicesQuery>, step: HistoryStep = "push"): void => {
    const params = paramsFromServices({ ...query, ...changes }).toString();
    goTo(params ? `/services?${params}` : "/services", step);
  };
  const toggle = (name: string, shown = !open.includes(name)): void => change({ open: withOpen(open, name, shown) }, "replace");
  const state = store.state.value;
  const services = servicesOf(state);
  const rows = sortedStats(services.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())), sort);
  useServicesKeys({ query, rows, change, toggle, run });

  return (
    <div class="page">
      <TopBar page="services" />
      {state.kind === "answered" && services.length > 0 ? (
        <main class="svc-split">
          <section class="svc-left" aria-label="Services">
            <div class="bar-row">
              <h1>{formatCount(services.length)} {plural(services.length, "service")}</h1>
              <RangeField range={query} endless={false} onRange={(next) => change(next)} />
              <span class="muted">change against the time before</span>
              <span class="spring" />
              <ShareButton address={() => sharedAddress("/services", paramsFromServices(fixedNow(query)))} />
              <TextField label="Filter" value={filter} testId="services-filter" placeholder="name" onValue={(text) => change({ filter: text }, "replace")} />
            </div>
            <ServicesTable services={rows} operations={store.operations.value} chosen={service} open={open}
              onChoose={(name) => change({ service: name === service ? "" : name })} onToggle={toggle} sort={sort} onSort={(key) => change({ sort: key })} />
          </section>
          <GraphSection graph={state.graph} services={services} waits={store.waits.value} query={query} onQuery={change} />
        </main>
      ) : (
        <Instead state={state} query={query} onQuery={change} />
      )}
      <KeysStrip hints={kHints} />
    </div>
  );
}

function servicesOf(state: ServicesState): readonly ServiceStats[] {
  return state.kind === "answered" ? state.services : [];
}

interface ServicesKeys {
  readonly query: ServicesQuery;
  readonly rows: readonly ServiceStats[];
  readonly change: (changes: Partial<ServicesQuery>, step?: HistoryStep) => void;
  readonly toggle: (name: string, shown: boolean) => void;
  readonly run: () => void;
}

function useServicesKeys({ query, rows, change, toggle, run }: ServicesKeys): void {
  const { service } = query;
  const move = (step: number): void => {
    const at = rows.findIndex(({ name }) => name === service);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) change({ service: next.name }, service ? "replace" : "push");
  };
  const deep = (depth: number) => () => (service ? change({ depth }) : false);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    l: () => (service ? toggle(service, true) : false),
    h: () => (service ? toggle(service, false) : false),
    "/": () => document.querySelector<HTMLElement>("[data-testid=services-filter]")?.focus(),
    f: () => (service ? change({ depth: Number.isFinite(query.depth) ? Infinity : 1 }) : false),
    1: deep(1),
    2: deep(2),
    3: deep(Infinity),
    s: () => (service ? goTo(tracesAddress(query)) : false),
    m: () => (service ? goTo(chartsAddress(query)) : false),
    r: run,
    Escape: () => (service ? change({ service: "" }) : false),
  });
}

interface InsteadProps {
  readonly state: ServicesState;
  readonly query: ServicesQuery;
  readonly onQuery: (changes: Partial<ServicesQuery>) => void;
}

/** The sentence in place of the services. */
function Instead({ state, query, onQuery }: InsteadProps): VNode {
  if (state.kind === "running") return <main aria-busy="true"><p class="message muted" role="status">Counting</p></main>;
  const longer = (
    <p class="ways-out">
      <RangeField range={query} endless={false} onRange={onQuery} />
      <a class="button line" href="/find?range=all">Find traces of all time</a>
    </p>
  );
  if (state.kind === "failed") {
    return (
      <main class="message">
        <h1>The services could not be counted.</h1>
        <p role="alert" data-testid="services-error">{state.message}</p>
        <p>Press r to try again; a shorter time range is less work.</p>
        {longer}
      </main>
    );
  }
  return (
    <main class="message" data-testid="no-services">
      <h1>No service sent spans in this time.</h1>
      <p>Choose a longer time, or send some: Find shows how when nothing is stored.</p>
      {longer}
    </main>
  );
}
