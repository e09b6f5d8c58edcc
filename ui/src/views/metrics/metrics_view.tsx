// SPDX-License-Identifier: Apache-2.0
// The Metrics page: a query on top, the numbers it computes over time below.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { compareAddress, setsQuery } from "../../model/compare_query";
import { type MetricsQuery, metricsFromParams, paramsFromMetrics } from "../../model/metrics_query";
import { partsOf } from "../../model/query_parts";
import { rangeBefore, type TimeRange } from "../../model/time_range";
import { parseTraceId } from "../../model/trace";
import { kNoFocus } from "../../widgets/chart/chart_model";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { focusQuery } from "../query/query_line";
import { kShareHint } from "../query/share_button";
import { address, goTo, setParams } from "../router";
import { kScreensHint } from "../screens";
import { TopBar } from "../top_bar";
import { chartPlan, shownExemplar } from "./chart_data";
import { ChartSection } from "./chart_section";
import { ExemplarPanel } from "./exemplar_panel";
import { MetricsForm } from "./metrics_form";
import { RangeTools, type Stretch, stretchOfText, textOfStretch } from "./range_tools";
import { createMetricsStore, type MetricsState, shownAnswer } from "./metrics_state";

const kHints = [
  { keys: ["/"], action: "edit the query" },
  { keys: ["Enter"], action: "run" },
  { keys: ["r"], action: "run again" },
  { keys: ["b"], action: "group by" },
  { keys: ["c"], action: "to the chart" },
  { keys: ["←", "→"], action: "exemplar, time" },
  { keys: ["Enter"], action: "its trace, beside and then alone" },
  { keys: ["esc"], action: "close it" },
  { keys: ["⇧←", "⇧→"], action: "choose a time" },
  { keys: ["z", "x"], action: "zoom to it, compare it" },
  { keys: ["⇧"], action: "drag to compare" },
  { keys: ["C"], action: "compare with the time before" },
  kShareHint,
  kScreensHint,
  { keys: ["?"], action: "close this" },
];

export function MetricsView(): VNode {
  const store = useMemo(createMetricsStore, []);
  const focus = useSignal(kNoFocus);
  const grouping = useSignal(false);
  const asked = address.value.params.toString();
  const query = useMemo(() => metricsFromParams(new URLSearchParams(asked)), [asked]);
  const { q, step, range, start, end } = query;
  const run = (): void => {
    focus.value = kNoFocus;
    store.run(query);
  };
  useEffect(() => {
    document.title = "Metrics, clew";
    return () => store.stop();
  }, []);
  // Another chart of the same numbers needs no other answer.
  useEffect(run, [q, step, range, start, end]);
  const picked = parseTraceId(address.value.params.get("trace") ?? "");
  const close = (): void => setParams({ trace: undefined });
  /** Beside the chart first; the one that is there already is opened. */
  const show = (traceId: string): void => {
    if (traceId === picked) goTo(`/trace/${traceId}`);
    else setParams({ trace: traceId }, picked ? "replace" : "push");
  };
  /** The traces that are counted, of one time with those of another. */
  const comparison = (time: TimeRange, other: TimeRange): string => {
    const { filter } = partsOf(query.q);
    return compareAddress(setsQuery({ q: filter, ...rangeOf(time) }, { q: filter, ...rangeOf(other) }));
  };
  const stretch = stretchOfText(address.value.params.get("box") ?? "");
  const choose = (text: string | undefined): void => setParams({ box: text });
  const compareWithRest = ({ from, to }: Stretch): string => comparison(secondsOf(from, to), query);
  const zoom = ({ from, to }: Stretch): void => ask({ ...query, ...secondsOf(from, to) });
  useKeys({
    "/": focusQuery,
    r: run,
    b: () => void (grouping.value = true),
    z: () => (stretch ? zoom(stretch) : false),
    x: () => (stretch ? goTo(compareWithRest(stretch)) : false),
    Escape: () => (stretch ? choose(undefined) : picked ? close() : false),
    Enter: (event) => (picked && !isOnControl(event) ? goTo(`/trace/${picked}`) : false),
    C: () => {
      const before = rangeBefore(query, Date.now() / 1000);
      return before ? goTo(comparison(query, before)) : false;
    },
    c: () => document.querySelector<HTMLElement>("[data-testid=chart]")?.focus(),
  });

  const ask = (next: MetricsQuery): void => {
    const params = paramsFromMetrics(next).toString();
    if (params === paramsFromMetrics(query).toString()) run();
    else goTo(`/chart?${params}`);
  };
  const state = store.state.value;
  const answered = shownAnswer(state);
  const plan = useMemo(() => (answered && answered.answer.times.length > 0 ? chartPlan(answered, query.chart) : undefined), [answered, query.chart]);
  return (
    <div class="metrics">
      <TopBar page="metrics" />
      <MetricsForm query={query} state={state} kind={plan?.kind} onAsk={ask} grouping={grouping} />
      <div class={picked ? "metrics-split" : "metrics-whole"}>
        {/* A table alone has nothing that takes the focus: keys scroll the page itself. */}
        <main class="metrics-main" aria-busy={state.kind === "running"} tabIndex={plan?.kind === "table" ? 0 : undefined}>
          {plan
            ? <ChartSection plan={plan} focus={focus.value} onFocus={(next) => (focus.value = next)} onTrace={show}
                onRange={(from, to, shifted) => (shifted ? goTo(compareWithRest({ from, to })) : choose(textOfStretch(from, to)))}
                chosen={stretch} tools={stretch && (
                  <RangeTools stretch={stretch} compareAddress={compareWithRest(stretch)} onZoom={() => zoom(stretch)} onLeave={() => choose(undefined)} />
                )} />
            : <Instead state={state} />}
        </main>
        {picked && <ExemplarPanel traceId={picked} exemplar={plan && shownExemplar(plan, picked, focus.value.point)} onClose={close} />}
      </div>
      <KeysStrip hints={kHints} />
    </div>
  );
}

/** Whole seconds around a stretch of time, which is what the address can say. */
function secondsOf(from: number, to: number): TimeRange {
  const start = Math.floor(from / 1000);
  return { range: "custom", start: String(start), end: String(Math.max(start + 1, Math.ceil(to / 1000))) };
}

const rangeOf = ({ range, start, end }: TimeRange): TimeRange => ({ range, start, end });

/** The sentence in place of a chart. */
function Instead({ state }: { readonly state: MetricsState }): VNode {
  if (state.kind === "running") return <p class="message muted" role="status">Running</p>;
  if (state.kind === "answered") {
    return (
      <div class="message" role="status" data-testid="no-metrics">
        <h1>No spans match.</h1>
        <p>{state.answered.answer.message || "Try a longer time range, or fewer conditions."}</p>
      </div>
    );
  }
  return (
    <div class="message" role="alert">
      <h1>{state.wrong ? "The query is not understood." : "The query failed."}</h1>
      <p data-testid="metrics-error">{state.wrong ? "The line below it says what is wrong." : state.message}</p>
    </div>
  );
}
