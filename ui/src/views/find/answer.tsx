// SPDX-License-Identifier: Apache-2.0
// What came of the search: its rows and a sentence over them, or what to do when there are none.
import type { VNode } from "preact";
import { formatBytes, formatCount, formatDuration, plural } from "../../base/format";
import { kMillisecond } from "../../base/time";
import { pairAddress } from "../../model/compare_query";
import { type Order, orderOf, type RowKind, type SearchQuery } from "../../model/search_query";
import type { FindState } from "./find_state";
import { FirstRun } from "./first_run";
import type { Overview } from "./overview_state";
import { ResultCards } from "./result_cards";
import { ResultsTable, type ResultsTableProps } from "./results_table";
import { SpansTable } from "./spans_table";
import { WrongQuery } from "../query/wrong_query";

export interface AnswerProps {
  readonly state: FindState;
  readonly query: SearchQuery;
  readonly overview: Overview;
  readonly rows: Omit<ResultsTableProps, "order">;
  readonly onSearch: (query: SearchQuery) => void;
  /** Which columns the rows have. */
  readonly columns: VNode;
}

export function Answer({ state, query, overview, rows, onSearch, columns }: AnswerProps): VNode {
  const count = rows.traces.length;
  if (state.kind === "empty") return <FirstRun />;
  if (state.kind === "failed") return <Failed message={state.message} wrong={state.wrong !== undefined} />;
  if (state.kind === "found" && count === 0) return <Nothing query={query} onSearch={onSearch} />;
  return (
    <>
      <div class="results-head">
        <h2>
          <span role="status" data-testid="results-words">
            {state.kind === "searching" ? "Searching" : wordsOf(count, query, overview)}
          </span>
        </h2>
        {state.kind === "found" && (
          <span class="muted hide-phone">
            {formatDuration(state.milliseconds * kMillisecond)}{state.bytesRead > 0 && `, ${formatBytes(state.bytesRead)} read`}
          </span>
        )}
        <span class="spring" />
        <CompareTicked ticked={rows.ticked} />
        <OrderChoice query={query} onSearch={onSearch} />
        <RowChoice query={query} onSearch={onSearch} />
        <LimitChoice query={query} onSearch={onSearch} />
        {columns}
      </div>
      {count > 0 && (query.rows === "spans" ? <SpansTable traces={rows.traces} chosen={rows.chosen} /> : <ResultsTable {...rows} order={orderOf(query)} />)}
      {count > 0 && <ResultCards traces={rows.traces} ledgers={rows.ledgers} />}
    </>
  );
}

/** Two traces that are ticked can be compared. */
function CompareTicked({ ticked }: { readonly ticked: readonly string[] }): VNode | null {
  if (ticked.length === 0) return null;
  if (ticked.length === 1) return <span class="muted hide-phone" role="status">Tick another to compare</span>;
  return (
    <a class="button line small hide-phone" href={pairAddress(ticked)} data-testid="compare-ticked">
      Compare the two <kbd>C</kbd>
    </a>
  );
}

/** 20 slowest of 4 312 matched; 7 traces, newest first. */
function wordsOf(count: number, query: SearchQuery, { matched, unit }: Overview): string {
  const order = orderOf(query);
  if (order && count >= Number(query.limit) && unit === "trace" && matched !== undefined && matched > count) {
    return `${formatCount(count)} ${order} of ${formatCount(matched)} matched`;
  }
  return `${formatCount(count)} ${plural(count, "trace")}, ${order ? `${order} first` : "in the order of the query"}`;
}

interface ChoiceProps {
  readonly query: SearchQuery;
  readonly onSearch: (query: SearchQuery) => void;
}

const kOrders: readonly { readonly order: Order; readonly label: string }[] = [
  { order: "slowest", label: "Slowest" },
  { order: "newest", label: "Newest" },
];

function OrderChoice({ query, onSearch }: ChoiceProps): VNode {
  const present = orderOf(query);
  return (
    <div class="segment" role="group" aria-label="Order">
      {kOrders.map(({ order, label }) => (
        <button key={order} class="button small" type="button" aria-pressed={present === order} disabled={present === undefined}
          title={present === undefined ? "The query sorts by itself" : undefined} data-testid={`order-${order}`}
          onClick={() => onSearch({ ...query, order })}>
          {label}
        </button>
      ))}
    </div>
  );
}

const kRows: readonly { readonly rows: RowKind; readonly label: string }[] = [
  { rows: "traces", label: "Traces" },
  { rows: "spans", label: "Spans" },
];

function RowChoice({ query, onSearch }: ChoiceProps): VNode {
  return (
    <div class="segment hide-phone" role="group" aria-label="Rows">
      {kRows.map(({ rows, label }) => (
        <button key={rows} class="button small" type="button" aria-pressed={query.rows === rows} data-testid={`rows-${rows}`}
          onClick={() => onSearch({ ...query, rows })}>
          {label}
        </button>
      ))}
    </div>
  );
}

const kLimits = ["20", "50", "100", "500"];

function LimitChoice({ query, onSearch }: ChoiceProps): VNode {
  const limits = kLimits.includes(query.limit) ? kLimits : [query.limit, ...kLimits];
  return (
    <label class="limit hide-phone">
      <span class="sr">Rows</span>
      <select value={query.limit} data-testid="limit-input" onChange={(event) => onSearch({ ...query, limit: event.currentTarget.value })}>
        {limits.map((limit) => (
          <option key={limit} value={limit}>
            {limit} rows
          </option>
        ))}
      </select>
    </label>
  );
}

function Nothing({ query, onSearch }: ChoiceProps): VNode {
  return (
    <div class="message" role="status" data-testid="no-results">
      <h1>No trace matches.</h1>
      <p>Try a longer time range, fewer conditions, or a shorter duration.</p>
      <p class="ways-out">
        {query.range !== "all" && (
          <button class="button line" type="button" data-testid="search-all-time" onClick={() => onSearch({ ...query, range: "all" })}>
            Search all time
          </button>
        )}
        {query.q !== "" && (
          <button class="button line" type="button" onClick={() => onSearch({ ...query, q: "" })}>
            Without conditions
          </button>
        )}
      </p>
    </div>
  );
}

function Failed({ message, wrong }: { readonly message: string; readonly wrong: boolean }): VNode {
  if (wrong) return <WrongQuery />;
  return (
    <div class="message" role="alert">
      <h1>The search failed.</h1>
      <p data-testid="search-error">{message}</p>
      <p>Press r to try again; a shorter time range is less work.</p>
    </div>
  );
}
