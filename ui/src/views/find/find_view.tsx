// SPDX-License-Identifier: Apache-2.0
// The Find page: the question on top, the traces that answer it below.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { formatCount, plural } from "../../base/format";
import type { QueryError } from "../../model/query_error";
import { paramsFromQuery, queryFromParams, type SearchQuery } from "../../model/search_query";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { address, goTo } from "../router";
import { focusQuery } from "../query/query_line";
import { TopBar } from "../top_bar";
import { createFindStore, type FindState } from "./find_state";
import { FirstRun } from "./first_run";
import { ResultsTable, type ResultsTableProps } from "./results_table";
import { SearchForm } from "./search_form";

const kHints = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["l", "h"], action: "spans" },
  { keys: ["Enter"], action: "open" },
  { keys: ["/"], action: "edit the query" },
  { keys: ["r"], action: "search again" },
  { keys: ["t"], action: "trace ID" },
  { keys: ["?"], action: "close this" },
];

export function FindView(): VNode {
  const store = useMemo(createFindStore, []);
  const cursor = useSignal(-1);
  const open = useSignal<ReadonlySet<string>>(new Set());
  const asked = address.value.params.toString();
  const query = useMemo(() => queryFromParams(new URLSearchParams(asked)), [asked]);

  const search = (): void => {
    cursor.value = -1;
    open.value = new Set();
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
  const toggle = (traceId: string, shown = !open.value.has(traceId)): void => {
    const next = new Set(open.value);
    if (shown) next.add(traceId);
    else next.delete(traceId);
    open.value = next;
  };
  const fold = (shown: boolean): void => {
    const trace = traces[cursor.value];
    if (trace) toggle(trace.traceId, shown);
  };
  const move = (step: number): void => {
    cursor.value = Math.max(0, Math.min(traces.length - 1, cursor.value + step));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    r: search,
    "/": focusQuery,
    l: () => fold(true),
    h: () => fold(false),
    Enter: (event) => {
      const trace = traces[cursor.value];
      if (!trace || isOnControl(event)) return false;
      return goTo(`/trace/${shortTraceId(trace.traceId)}`);
    },
  });

  return (
    <div class="find">
      <TopBar page="find" />
      <SearchForm query={query} services={store.services.value} error={wrongOf(state)} onSearch={ask} />
      <main class="results" aria-busy={state.kind === "searching"}>
        <Answer state={state} query={query} rows={{ traces, cursor: cursor.value, open: open.value, onToggle: toggle }} />
      </main>
      <KeysStrip hints={kHints} />
    </div>
  );
}

function tracesOf(state: FindState): readonly TraceSummary[] {
  return state.kind === "found" || state.kind === "searching" ? state.traces : [];
}

function wrongOf(state: FindState): QueryError | undefined {
  return state.kind === "failed" ? state.wrong : undefined;
}

interface AnswerProps {
  readonly state: FindState;
  readonly query: SearchQuery;
  readonly rows: ResultsTableProps;
}

function Answer({ state, query, rows }: AnswerProps): VNode {
  const count = rows.traces.length;
  if (state.kind === "empty") return <FirstRun />;
  if (state.kind === "failed") return <Failed message={state.message} wrong={state.wrong !== undefined} />;
  if (state.kind === "found" && count === 0) {
    return (
      <div class="message" role="status" data-testid="no-results">
        <h1>No trace matches.</h1>
        <p>Try a longer time range, fewer conditions, or a shorter minimum duration.</p>
      </div>
    );
  }
  const order = /\|\s*sort\s*\(/.test(query.q) ? "in the order of the query" : "newest first";
  return (
    <>
      <div class="results-head">
        <h2>
          <span role="status">
            {state.kind === "searching" ? "Searching" : `${formatCount(count)} ${plural(count, "trace")}, ${order}`}
          </span>
        </h2>
      </div>
      {count > 0 && <ResultsTable {...rows} />}
    </>
  );
}

/** What is wrong with a query is said below it, in the server's words. */
function Failed({ message, wrong }: { readonly message: string; readonly wrong: boolean }): VNode {
  if (wrong) {
    return (
      <div class="message">
        <h1>The query is not understood.</h1>
        <p>The line below it says what is wrong.</p>
      </div>
    );
  }
  return (
    <div class="message" role="alert">
      <h1>The search failed.</h1>
      <p data-testid="search-error">{message}</p>
    </div>
  );
}
