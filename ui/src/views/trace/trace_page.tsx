// SPDX-License-Identifier: Apache-2.0
// A loaded trace: head, verdict and ledger, the view of the chosen tab, and the panel of the selected span.
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { ShownTrace } from "../../model/shown_trace";
import { KeysStrip } from "../../widgets/keys_strip";
import { printing } from "../../widgets/printing";
import { TopBar } from "../top_bar";
import { Answer } from "./answer";
import { EventsView } from "./events_view";
import { FlameView } from "./flame_view";
import { GraphView } from "./graph_view";
import { JsonView } from "./json_view";
import { LedgerReader } from "./ledger_reader";
import { LedgerTable, PrintedLedger } from "./ledger_table";
import { PhoneList } from "./phone_list";
import { SpanPanel } from "./span_panel";
import { SpanReader } from "./span_reader";
import { TraceHead } from "./trace_head";
import { kTraceHints, useTraceKeys } from "./trace_keys";
import { createTraceStore, type TraceStore } from "./trace_store";
import { TraceTools } from "./trace_tools";
import { Waterfall } from "./waterfall";

export function TracePage({ trace }: { readonly trace: ShownTrace }): VNode {
  const store = useMemo(() => createTraceStore(trace), [trace]);
  const spans = useMemo(() => new SpanReader(trace), [trace]);
  const ledger = useMemo(() => new LedgerReader(trace.traceId), [trace]);
  useTraceKeys(store);
  useEffect(() => store.finder.start(), [store]);
  useEffect(() => ledger.want(""), [ledger]);
  useEffect(() => spans.want(trace.data.root), [spans]);
  const open = store.panelOpen.value;
  return (
    <div class="trace">
      <TopBar />
      <TraceHead trace={trace} spans={spans} ledger={ledger} />
      <Answer store={store} ledger={ledger} />
      {printing.value && store.tab.value !== "ledger" && <PrintedLedger store={store} ledger={ledger} />}
      <TraceTools store={store} />
      <main class={open ? "split" : "split no-panel"}>
        <PhoneList store={store} ledger={ledger} />
        <TabView store={store} spans={spans} ledger={ledger} />
        {open && <SpanPanel store={store} spans={spans} ledger={ledger} />}
      </main>
      <KeysStrip hints={kTraceHints} />
    </div>
  );
}

interface TabViewProps {
  readonly store: TraceStore;
  readonly spans: SpanReader;
  readonly ledger: LedgerReader;
}

function TabView({ store, spans, ledger }: TabViewProps): VNode {
  const tab = store.tab.value;
  return (
    <section class="tab-view hide-phone" role="tabpanel" id="trace-tab" aria-labelledby={`tab-${tab}`}>
      {tab === "waterfall" && <Waterfall store={store} ledger={ledger} />}
      {tab === "flame" && <FlameView store={store} />}
      {tab === "ledger" && <LedgerTable store={store} ledger={ledger} />}
      {tab === "graph" && <GraphView store={store} />}
      {tab === "events" && <EventsView store={store} />}
      {tab === "json" && <JsonView store={store} spans={spans} />}
    </section>
  );
}
