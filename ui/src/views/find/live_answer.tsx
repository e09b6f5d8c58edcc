// SPDX-License-Identifier: Apache-2.0
// The rows while the page follows what arrives, and what was too much to follow.
import type { VNode } from "preact";
import { formatClock, formatCount, plural } from "../../base/format";
import { timeFromMillis } from "../../base/time";
import type { Live } from "./live_state";
import { ResultCards } from "./result_cards";
import { ResultsTable, type ResultsTableProps } from "./results_table";

export interface LiveAnswerProps {
  readonly live: Live;
  readonly rows: Omit<ResultsTableProps, "order">;
  readonly onEnd: () => void;
  /** Which columns the rows have. */
  readonly columns: VNode;
}

export function LiveAnswer({ live, rows, onEnd, columns }: LiveAnswerProps): VNode {
  const { since, connected, arrived } = live;
  return (
    <>
      <div class="results-head">
        <span class={connected ? "live-dot is-on" : "live-dot"} aria-hidden="true" />
        <h2 data-testid="live-words">
          {connected ? `${formatCount(arrived)} ${plural(arrived, "trace")} since ${formatClock(timeFromMillis(since)).slice(0, 8)}` : "Looking for the server"}
        </h2>
        <span class="muted" role="status" data-testid="live-skipped">{skippedWords(live)}</span>
        <span class="spring" />
        {columns}
        <button class="button small" type="button" onClick={onEnd}>
          Stop
        </button>
      </div>
      {rows.traces.length > 0 ? (
        <>
          <ResultsTable {...rows} order={undefined} />
          <ResultCards traces={rows.traces} ledgers={rows.ledgers} />
        </>
      ) : (
        <p class="live-note muted">What matches shows up here as it arrives.</p>
      )}
    </>
  );
}

function skippedWords({ skipped: { spans, traces } }: Live): string {
  const told = [
    ...(spans > 0 ? [`${formatCount(spans)} ${plural(spans, "span was", "spans were")} not looked at`] : []),
    ...(traces > 0 ? [`${formatCount(traces)} ${plural(traces, "trace is", "traces are")} not shown`] : []),
  ];
  return told.length > 0 ? `${told.join(", ")}: more came than can be followed` : "";
}
