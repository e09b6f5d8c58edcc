// SPDX-License-Identifier: Apache-2.0
// The Find page: the question on top, the traces that answer it below.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import { paramsFromQuery, queryFromParams, type SearchQuery } from "../../model/search_query";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { address, goTo } from "../router";
import { TopBar } from "../top_bar";
import { createFindStore, type FindState } from "./find_state";
import { FirstRun } from "./first_run";
import { ResultsTable } from "./results_table";
import { SearchForm } from "./search_form";

const kHints = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["Enter"], action: "open" },
  { keys: ["/"], action: "edit the search" },
  { keys: ["r"], action: "search again" },
  { keys: ["t"], action: "trace ID" },
  { keys: ["?"], action: "close this" },
];

export function FindView(): VNode {
  const store = useMemo(createFindStore, []);
  const cursor = useSignal(-1);
  const asked = address.value.params.toString();
  const query = useMemo(() => queryFromParams(new URLSearchParams(asked)), [asked]);

  const search = (): void => {
    cursor.value = -1;
    store.search(query);
  };
  useEffect(() => {
    document.title = "Find, clew";
    return () => store.stop();
  }, []);
  useEffect(search, [query]);

  const ask = (next: SearchQuery): void => {
    const params = paramsFromQuery(next).toString();
    // The same question again is asked anew: the server may know more by now.
    if (params === paramsFromQuery(query).toString()) search();
    else goTo(params ? `/find?${params}` : "/find");
  };

  const state = store.state.value;
  const traces = tracesOf(state);
  const move = (step: number): void => {
    cursor.value = Math.max(0, Math.min(traces.length - 1, cursor.value + step));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    r: search,
    "/": () => document.querySelector<HTMLElement>("[data-testid=tags-input]")?.focus(),
    Enter: (event) => {
      const trace = traces[cursor.value];
      if (!trace || isOnControl(event)) return false;
      return goTo(`/trace/${shortTraceId(trace.traceId)}`);
    },
  });

  return (
    <div class="find">
      <TopBar page="find" />
      <SearchForm query={query} services={store.services.value} onSearch={ask} />
      <main class="results" aria-busy={state.kind === "searching"}>
        <Answer state={state} traces={traces} cursor={cursor.value} />
      </main>
      <KeysStrip hints={kHints} />
    </div>
  );
}

function tracesOf(state: FindState): readonly TraceSummary[] {
  return state.kind === "found" || state.kind === "searching" ? state.traces : [];
}

interface AnswerProps {
  readonly state: FindState;
  readonly traces: readonly TraceSummary[];
  readonly cursor: number;
}

function Answer({ state, traces, cursor }: AnswerProps): VNode {
  if (state.kind === "empty") return <FirstRun />;
  if (state.kind === "failed") {
    return (
      <div class="message" role="alert">
        <h1>The search failed.</h1>
        <p data-testid="search-error">{state.message}</p>
      </div>
    );
  }
  if (state.kind === "found" && traces.length === 0) {
    return (
      <div class="message" role="status" data-testid="no-results">
        <h1>No trace matches.</h1>
        <p>Try a longer time range, fewer tags, or a shorter minimum duration.</p>
      </div>
    );
  }
  return (
    <>
      <div class="results-head">
        <h2>
          <span role="status">
            {state.kind === "searching"
              ? "Searching"
              : `${formatCount(traces.length)} ${plural(traces.length, "trace")}, newest first`}
          </span>
        </h2>
      </div>
      {traces.length > 0 && <ResultsTable traces={traces} cursor={cursor} />}
    </>
  );
}
