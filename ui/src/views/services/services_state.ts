// SPDX-License-Identifier: Apache-2.0
// What the Services page shows: numbers of each service first, then their lines, who calls whom, and how it was
// before. A newer question cancels an older one.
import { type Signal, signal } from "@preact/signals";
import { readInstant, readMetrics } from "../../api/client";
import { readServiceWaits } from "../../api/service_waits_api";
import type { Result } from "../../base/result";
import type { InstantSeries } from "../../model/metrics";
import { type GraphAnswer, graphOf, kGraphQueries, type ServiceGraph } from "../../model/service_graph";
import {
  kServiceQueries, operationQueries, type ServiceStats, type StatsQueries, statsOf, withBefore, withLines,
} from "../../model/service_stats";
import type { ServiceWaits } from "../../model/service_waits";
import { paramsBefore } from "../../model/services_query";
import { askedParams, boundsOf, type TimeRange } from "../../model/time_range";
import { quoted } from "../../model/traceql_tokens";

const kLineSteps = 30;

export type ServicesState =
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "answered"; readonly services: readonly ServiceStats[]; readonly graph: ServiceGraph | undefined };

export interface ServicesStore {
  readonly state: Signal<ServicesState>;
  /** By service, once it was opened. */
  readonly operations: Signal<ReadonlyMap<string, readonly ServiceStats[]>>;
  /** Of the chosen service, once it is known. */
  readonly waits: Signal<ServiceWaits | undefined>;
  run(range: TimeRange): void;
  /** "" chooses none. */
  choose(service: string): void;
  /** Whose operations are wanted. A service that is not of the answer is not asked about. */
  open(services: readonly string[]): void;
  stop(): void;
}

export function createServicesStore(): ServicesStore {
  const state = signal<ServicesState>({ kind: "running" });
  const operations = signal<ReadonlyMap<string, readonly ServiceStats[]>>(new Map());
  const waits = signal<ServiceWaits | undefined>(undefined);
  let running = new AbortController();
  let waiting = new AbortController();
  let asked: TimeRange | undefined;
  let chosen = "";
  let wanted: readonly string[] = [];
  let opened = new Set<string>(); // of the present answer

  const run = async (range: TimeRange, cancelled: AbortSignal): Promise<void> => {
    const first = await readStats(kServiceQueries, range, cancelled);
    if (cancelled.aborted) return;
    if (!first.ok) return void (state.value = { kind: "failed", message: first.error.message });
    let answered = { kind: "answered" as const, services: first.value, graph: undefined as ServiceGraph | undefined };
    const change = (changes: Partial<typeof answered>): void => {
      if (!cancelled.aborted) state.value = answered = { ...answered, ...changes };
    };
    change({});
    openWanted();
    await withRest(kServiceQueries, range, cancelled, (add) => change({ services: add(answered.services) }));
    // What could not be read has no edges.
    const answers: GraphAnswer[] = [];
    for (const queries of kGraphQueries) {
      const [rate, p95] = await Promise.all([queries.rate, queries.p95].map((q) => readInstant(askedParams(range, q), cancelled)));
      answers.push({ rate: seriesOf(rate!), p95: seriesOf(p95!) });
      change({ graph: graphOf(answers) });
      if (cancelled.aborted) return;
    }
  };

  const openWanted = (): void => {
    if (!asked || state.value.kind !== "answered") return;
    const known = new Set(state.value.services.map(({ name }) => name));
    for (const service of wanted) {
      if (opened.has(service) || !known.has(service)) continue;
      opened.add(service);
      void openService(service, asked, running.signal);
    }
  };

  const openService = async (service: string, range: TimeRange, cancelled: AbortSignal): Promise<void> => {
    const present = opened;
    const queries = operationQueries(service);
    const put = (stats: readonly ServiceStats[]): void => {
      if (!cancelled.aborted) operations.value = new Map(operations.value).set(service, stats);
    };
    const stats = await readStats(queries, range, cancelled);
    // Who opens it again asks again.
    if (!stats.ok) return void present.delete(service);
    put(stats.value);
    await withRest(queries, range, cancelled, (add) => put(add(operations.value.get(service) ?? [])));
  };

  const askWaits = async (): Promise<void> => {
    waiting.abort();
    waiting = new AbortController();
    waits.value = undefined;
    if (!asked || !chosen) return;
    const cancelled = waiting.signal;
    const query = `{ resource.service.name = ${quoted(chosen)} }`;
    const answer = await readServiceWaits(chosen, askedParams(asked, query), cancelled);
    if (answer.ok && !cancelled.aborted) waits.value = answer.value;
  };

  return {
    state,
    operations,
    waits,
    run(range) {
      running.abort();
      running = new AbortController();
      asked = range;
      operations.value = new Map();
      opened = new Set();
      void run(range, running.signal);
      void askWaits();
    },
    choose(service) {
      if (service === chosen) return;
      chosen = service;
      void askWaits();
    },
    open(services) {
      wanted = services;
      openWanted();
    },
    stop() {
      running.abort();
      waiting.abort();
    },
  };
}

async function readStats(queries: StatsQueries, range: TimeRange, cancelled: AbortSignal): Promise<Result<readonly ServiceStats[]>> {
  const [rate, errors, lengths] = await Promise.all(
    [queries.rate, queries.errors, queries.lengths].map((q) => readInstant(askedParams(range, q), cancelled)),
  );
  if (!rate!.ok) return rate!;
  return { ok: true, value: statsOf({ rate: rate!.value, errors: seriesOf(errors!), lengths: seriesOf(lengths!) }) };
}

type Add = (stats: readonly ServiceStats[]) => readonly ServiceStats[];

/** What is not needed to show the rows: `put` is called for each part of it. */
async function withRest(queries: StatsQueries, range: TimeRange, cancelled: AbortSignal, put: (add: Add) => void): Promise<void> {
  const now = Date.now() / 1000;
  const bounds = boundsOf(range, now);
  const params = askedParams(range, queries.line);
  if (bounds) params.set("step", `${Math.max(1, Math.ceil((bounds.end - bounds.start) / kLineSteps))}s`);
  params.set("exemplars", "0");
  const lines = await readMetrics(params, cancelled);
  if (lines.ok) put((stats) => withLines(stats, lines.value));
  const before = await readInstant(paramsBefore(range, queries.line, now), cancelled);
  if (before.ok) put((stats) => withBefore(stats, before.value));
}

function seriesOf(answer: Result<readonly InstantSeries[]>): readonly InstantSeries[] {
  return answer.ok ? answer.value : [];
}
