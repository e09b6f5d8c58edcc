// SPDX-License-Identifier: Apache-2.0
// Traces as they arrive, piece by piece: what came of each so far, the one that came last on top.
import { durationBetween, type Time } from "../base/time";
import type { TraceSummary } from "./trace";

/** More rows than this nobody reads while they move. */
const kMaxKept = 200;

export function withArrived(traces: readonly TraceSummary[], arrived: readonly TraceSummary[]): readonly TraceSummary[] {
  const known = new Map(traces.map((trace) => [trace.traceId, trace]));
  const fresh = arrived.map((piece) => {
    const before = known.get(piece.traceId);
    return before ? joined(before, piece) : piece;
  });
  const ids = new Set(fresh.map(({ traceId }) => traceId));
  return [...fresh, ...traces.filter(({ traceId }) => !ids.has(traceId))].slice(0, kMaxKept);
}

function joined(before: TraceSummary, piece: TraceSummary): TraceSummary {
  const start = before.start < piece.start ? before.start : piece.start;
  const end = endOf(before) > endOf(piece) ? endOf(before) : endOf(piece);
  // A piece without the root names none.
  const root = piece.name ? piece : before;
  return {
    ...before,
    service: root.service,
    name: root.name,
    start,
    duration: durationBetween(start, end),
    spanCount: before.spanCount + piece.spanCount,
    errorCount: before.errorCount + piece.errorCount,
    serviceCount: Math.max(before.serviceCount, piece.serviceCount),
    spansets: [...before.spansets, ...piece.spansets],
  };
}

function endOf({ start, duration }: TraceSummary): Time {
  return (start + duration) as Time;
}
