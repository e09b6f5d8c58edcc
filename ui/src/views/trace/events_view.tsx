// SPDX-License-Identifier: Apache-2.0
// All events of the trace in the order of time, each with its span.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatClockMicros, formatCount, formatOffset, plural } from "../../base/format";
import type { ShownTrace } from "../../model/shown_trace";
import type { TraceStore } from "./trace_store";

/** More than these are nothing one reads; the search leads to the others. */
const kMost = 1000;

interface TraceEvent {
  readonly row: number;
  readonly at: number;
  readonly name: string;
}

function eventsOf(trace: ShownTrace, matches: Uint8Array | undefined): { readonly events: readonly TraceEvent[]; readonly count: number } {
  const { eventEnd, eventTime, eventName } = trace.data.columns;
  const found: { row: number; event: number }[] = [];
  for (let row = 0, event = 0; row < trace.count; ++row) {
    for (; event < eventEnd[row]!; ++event) if (!matches || matches[row] === 1) found.push({ row, event });
  }
  found.sort((a, b) => eventTime[a.event]! - eventTime[b.event]!);
  const events = found.slice(0, kMost).map(({ row, event }) => ({ row, at: eventTime[event]!, name: trace.texts.at(eventName[event]!) }));
  return { events, count: found.length };
}

export function EventsView({ store }: { readonly store: TraceStore }): VNode {
  const { trace } = store;
  const matches = store.finder.found.value?.matches;
  const { events, count } = useMemo(() => eventsOf(trace, matches), [trace, matches]);
  const note = count > events.length ? `, the first ${formatCount(events.length)}` : "";
  return (
    <div class="sheet" data-testid="events-view">
      <p class="muted">
        {formatCount(count)} {plural(count, "event")}{matches ? " of spans that match" : ""}{note}
      </p>
      {count > 0 && (
        <table>
          <thead>
            <tr>
              <th class="num">Since start</th>
              <th>Time</th>
              <th>Event</th>
              <th>Span</th>
            </tr>
          </thead>
          <tbody>
            {events.map(({ row, at, name }, index) => (
              <tr key={index} aria-selected={row === store.span.value} data-testid="event-row">
                <td class="num">{formatOffset(trace.unit, at)}</td>
                <td class="num">{formatClockMicros(trace.timeOf(at))}</td>
                <td class={name === "exception" ? "err" : "strong"}>{name === "exception" ? "! exception" : name}</td>
                <td>
                  <button type="button" class="names" onClick={() => store.select(row, "push")}>
                    <span class={`chip ${trace.colorClass(row)}`} /> {trace.service(row)} <span class="strong">{trace.name(row)}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
