// SPDX-License-Identifier: Apache-2.0
// The Find page: the question on top, how long everything that matches took, and the traces that answer it.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { compareAddress, pairAddress, setsQuery, withTick } from "../../model/compare_query";
import { type HeatRange, lengthsInTraceql, rangeOfText, textOfRange } from "../../model/duration_heat";
import type { FacetField } from "../../model/facets";
import { rememberQuery } from "../../model/search_history";
import { matchKey, paramsFromQuery, queryFromParams, type SearchQuery, selectingText } from "../../model/search_query";
import { shortTraceId, type TraceSummary } from "../../model/trace";
import { hasMatcher, type Matcher, withMatcher, withoutMatcher } from "../../model/traceql_filter";
import { useEvery } from "../../widgets/due";
import { isOnControl, useKeys } from "../../widgets/keyboard";
import { KeysStrip } from "../../widgets/keys_strip";
import { focusQuery } from "../query/query_line";
import { kShareHint } from "../query/share_button";
import { fileIsOpen } from "../opened_file";
import { address, goTo, setParams } from "../router";
import { kScreensHint } from "../screens";
import { TopBar } from "../top_bar";
import { AddFacet, focusAddFacet } from "./add_facet";
import { Answer } from "./answer";
import { ColumnsMenu } from "./columns_menu";
import { FacetList } from "./facet_list";
import { createFacetsStore, type FacetsStore } from "./facets_state";
import { createFindStore, type FindState } from "./find_state";
import { HeatSection } from "./heat_section";
import { LiveAnswer } from "./live_answer";
import { createLedgersStore } from "./ledgers_state";
import { createLiveStore } from "./live_state";
import { createOverviewStore } from "./overview_state";
import { RefreshField, refreshFrom } from "./refresh_field";
import { SearchForm } from "./search_form";
import { SearchMenus } from "./search_menus";

const kHints = [
  { keys: ["j", "k"], action: "row" },
  { keys: ["l", "h"], action: "spans" },
  { keys: ["Enter"], action: "open" },
  { keys: ["/"], action: "edit the query" },
  { keys: ["b"], action: "box on the map" },
  { keys: ["x"], action: "tick" },
  { keys: ["C"], action: "compare the box or the ticked" },
  { keys: ["o"], action: "other order" },
  { keys: ["c"], action: "columns" },
  { keys: ["f"], action: "add a facet" },
  { keys: ["L"], action: "live" },
  { keys: ["H"], action: "history" },
  { keys: ["S"], action: "saved" },
  kShareHint,
  { keys: ["r"], action: "search again" },
  { keys: ["t"], action: "trace ID" },
  kScreensHint,
  { keys: ["?"], action: "close this" },
];

export function FindView(): VNode {
  const stores = useMemo(() => ({ find: createFindStore(), overview: createOverviewStore(), facets: createFacetsStore(), live: createLiveStore(), ledgers: createLedgersStore() }), []);
  const cursor = useSignal(-1);
  const ticked = useSignal<readonly string[]>([]);
  const open = useSignal<ReadonlySet<string>>(new Set());
  const historyOpen = useSignal(false);
  const savedOpen = useSignal(false);
  const columnsOpen = useSignal(false);
  const addFacetOpen = useSignal(false);
  /** What the map and the facets are of. */
  const told = useRef<string | undefined>(undefined);
  const { params } = address.value;
  const asked = paramsFromQuery(queryFromParams(params)).toString();
  const query = useMemo(() => queryFromParams(new URLSearchParams(asked)), [asked]);
  const isLive = params.get("live") === "1" && !fileIsOpen();

  const followed = query.columns.length > 0 ? selectingText(query) : query.q;
  const refresh = refreshFrom(params.get("refresh"));

  /**
   * `again`: the same once more, by itself, so that nothing that the reader is at is lost. `turned`: where only
   * other rows of the same are asked for, what is told of all that matches stays.
   */
  const search = async (again = false, turned = false): Promise<void> => {
    const stays = turned && told.current === matchKey(query);
    const reading = again ? tracesOf(stores.find.state.value)[cursor.value]?.traceId : address.value.params.get("row");
    if (!again) [cursor.value, ticked.value, open.value] = [-1, idsInAddress("ticked"), new Set(idsInAddress("open"))];
    if (!stays) {
      told.current = undefined;
      stores.overview.stop();
      stores.facets.stop();
    }
    stores.ledgers.stop();
    // The rows come first; what is wrong with a query is told once.
    if (!(await stores.find.search(query))) return;
    const found = tracesOf(stores.find.state.value);
    cursor.value = found.findIndex(({ traceId }) => traceId === reading);
    if (!again) rememberQuery(query.q);
    stores.ledgers.ask(found);
    if (stays) return;
    told.current = matchKey(query);
    stores.overview.ask(query, again);
    stores.facets.ask(query);
  };
  // One that takes longer than that is waited for.
  useEvery(refresh && !isLive && !fileIsOpen() ? refresh.seconds : 0, () => stores.find.state.value.kind !== "searching" && void search(true));
  useEffect(() => {
    document.title = "Find, clew";
    return () => Object.values(stores).forEach((store) => store.stop());
  }, []);
  useEffect(() => void search(false, true), [query]);
  useEffect(() => {
    if (isLive) stores.live.follow(followed);
    else stores.live.stop();
  }, [isLive, followed]);
  const turnLive = (): void => setParams({ live: isLive ? undefined : "1" }, "push");

  const ask = (next: SearchQuery): void => {
    const target = paramsFromQuery(next);
    // The same question again is asked anew: the server may know more by now.
    if (target.toString() === asked) return void search();
    if (isLive) target.set("live", "1");
    if (refresh) target.set("refresh", refresh.key);
    const text = target.toString();
    goTo(text ? `/find?${text}` : "/find");
  };
  const toggleCondition = (matcher: Matcher): void => {
    const q = hasMatcher(query.q, matcher) ? withoutMatcher(query.q, matcher) : withMatcher(query.q, matcher);
    if (q !== undefined) ask({ ...query, q });
  };
  const inBox = (box: HeatRange): SearchQuery => {
    const conditions = lengthsInTraceql(box).map((length) => ({ field: "trace:duration", ...length }));
    const q = conditions.reduce((text, matcher) => withMatcher(text, matcher) ?? text, query.q);
    return { ...query, q, range: "custom", start: String(box.start), end: String(box.end) };
  };
  const boxAddress = (box: HeatRange): string => {
    const [{ q, range, start, end }, { q: rest, ...time }] = [inBox(box), query];
    return compareAddress(setsQuery({ q: q || kAll, range, start, end }, { q: rest || kAll, range: time.range, start: time.start, end: time.end }));
  };

  const state = stores.find.state.value;
  const live = stores.live.live.value;
  const traces = live ? live.traces : tracesOf(state);
  const rows = {
    traces, cursor: cursor.value, open: open.value, onToggle: (traceId: string) => toggle(traceId), ledgers: stores.ledgers.ledgers.value,
    ticked: ticked.value, onTick: (traceId: string) => tick(traceId),
    chosen: query.columns,
  };
  const toggle = (traceId: string, shown = !open.value.has(traceId)): void => {
    const next = new Set(open.value);
    if (shown) next.add(traceId);
    else next.delete(traceId);
    open.value = next;
    setParams({ open: [...next].join() || undefined });
  };
  const tick = (traceId: string): void => {
    ticked.value = withTick(ticked.value, traceId);
    setParams({ ticked: ticked.value.join() || undefined });
  };
  const moveTo = (row: number): void => {
    cursor.value = row;
    setParams({ row: traces[row]?.traceId });
  };
  useKeys({ H: () => void (historyOpen.value = true), S: () => void (savedOpen.value = true), c: () => void (columnsOpen.value = true), f: () => void (addFacetOpen.value = true), L: turnLive });
  const box = rangeOfText(params.get("box") ?? "");
  const compare = (): void | false => {
    if (ticked.value.length === 2) return goTo(pairAddress(ticked.value));
    return box ? goTo(boxAddress(box)) : false;
  };
  useFindKeys({ traces, cursor: cursor.value, moveTo, toggle, tick, compare, search: () => void search(), turn: () => ask({ ...query, order: query.order === "newest" ? "slowest" : "newest" }) });

  const empty = state.kind === "empty" && !live;
  const columns = <ColumnsMenu query={query} open={columnsOpen} onColumns={(chosen) => ask({ ...query, columns: chosen })} />;
  return (
    <div class={empty ? "find is-empty" : "find"}>
      <TopBar page="find" />
      {!empty && (
        <SearchForm query={query} error={state.kind === "failed" ? state.wrong : undefined} onSearch={ask} live={isLive} onLive={turnLive}>
          <RefreshField chosen={refresh?.key} onChoose={(key) => setParams({ refresh: key })} />
          <SearchMenus query={query} onSearch={ask} historyOpen={historyOpen} savedOpen={savedOpen} />
        </SearchForm>
      )}
      {!empty && state.kind !== "failed" && (
        <HeatSection overview={stores.overview.overview.value} chosen={box} compareAddress={boxAddress}
          onChoose={(next) => setParams({ box: next && textOfRange(next) })} onKeep={(kept) => ask(inBox(kept))} />
      )}
      <div class={empty || state.kind === "failed" ? "found no-facets" : "found"}>
        <Facets store={stores.facets} query={query} open={addFacetOpen} onToggle={toggleCondition} />
        <main class="results" aria-busy={state.kind === "searching"}>
          {live
            ? <LiveAnswer live={live} rows={rows} onEnd={turnLive} columns={columns} />
            : <Answer state={state} query={query} overview={stores.overview.overview.value} onSearch={ask} rows={rows} columns={columns} />}
        </main>
      </div>
      <KeysStrip hints={kHints} />
    </div>
  );
}

const kAll = "{ }";

interface FacetsProps {
  readonly store: FacetsStore;
  readonly query: SearchQuery;
  /** Whether one is being added. */
  readonly open: Signal<boolean>;
  readonly onToggle: (matcher: Matcher) => void;
}

function Facets({ store, query, open, onToggle }: FacetsProps): VNode {
  const [facets, own] = [store.facets.value, store.own.value];
  const fieldsOf = (of: readonly FacetField[]): readonly string[] => of.map(({ field }) => field);
  const remove = (field: string): void => {
    store.toggle(field);
    focusAddFacet();
  };
  return (
    <FacetList facets={facets} own={own} isOn={(matcher) => hasMatcher(query.q, matcher)} onToggle={onToggle} onRemove={remove}>
      <AddFacet range={query} own={fieldsOf(own)} usual={fieldsOf(facets)} open={open} onToggle={(field) => store.toggle(field)} />
    </FacetList>
  );
}

interface FindKeys {
  readonly traces: readonly TraceSummary[];
  readonly cursor: number;
  readonly moveTo: (row: number) => void;
  readonly toggle: (traceId: string, shown: boolean) => void;
  readonly tick: (traceId: string) => void;
  readonly compare: () => void | false;
  readonly search: () => void;
  readonly turn: () => void;
}

function useFindKeys({ traces, cursor, moveTo, toggle, tick, compare, search, turn }: FindKeys): void {
  const fold = (shown: boolean): void => {
    const trace = traces[cursor];
    if (trace) toggle(trace.traceId, shown);
  };
  const move = (step: number): void => moveTo(Math.max(0, Math.min(traces.length - 1, cursor + step)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    r: search,
    o: turn,
    b: () => document.querySelector<HTMLElement>("[data-testid=heat]")?.focus(),
    "/": focusQuery,
    l: () => fold(true),
    h: () => fold(false),
    x: () => {
      const trace = traces[cursor];
      return trace ? tick(trace.traceId) : false;
    },
    C: compare,
    Enter: (event) => {
      const trace = traces[cursor];
      if (!trace || isOnControl(event)) return false;
      return goTo(`/trace/${shortTraceId(trace.traceId)}`);
    },
  });
}

/** Which traces the address says are ticked or open, so that Back brings them back. */
function idsInAddress(name: string): readonly string[] {
  return (address.value.params.get(name) ?? "").split(",").filter(Boolean);
}

function tracesOf(state: FindState): readonly TraceSummary[] {
  return state.kind === "found" || state.kind === "searching" ? state.traces : [];
}
