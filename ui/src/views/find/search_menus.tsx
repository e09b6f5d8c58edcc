// SPDX-License-Identifier: Apache-2.0
// What was asked before: the history of this browser, and the searches that have a name on the server.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { deleteSearch, readSearches, type SavedSearch, saveSearch } from "../../api/server_api";
import { forgetQueries, readHistory } from "../../model/search_history";
import { paramsFromQuery, type SearchQuery } from "../../model/search_query";
import { DropDown } from "../../widgets/drop_down";
import { fixedNow, ShareButton, sharedAddress } from "../query/share_button";

export interface SearchMenusProps {
  readonly query: SearchQuery;
  readonly onSearch: (query: SearchQuery) => void;
  /** Opened by keys as well. */
  readonly historyOpen: Signal<boolean>;
  readonly savedOpen: Signal<boolean>;
}

export function SearchMenus({ query, onSearch, historyOpen, savedOpen }: SearchMenusProps): VNode {
  return (
    <>
      <DropDown label="History" testId="history" open={historyOpen}>
        {(close) => <History onPick={(q) => {
          close();
          onSearch({ ...query, q });
        }} />}
      </DropDown>
      <DropDown label="Saved" testId="saved" open={savedOpen}>
        {(close) => <Saved query={query} onPick={({ query: q, order }) => {
          close();
          onSearch({ ...query, q, order });
        }} />}
      </DropDown>
      <ShareButton address={() => sharedAddress("/find", paramsFromQuery(fixedNow(query)))} />
    </>
  );
}

function History({ onPick }: { readonly onPick: (q: string) => void }): VNode {
  const history = useSignal(useMemo(readHistory, []));
  if (history.value.length === 0) return <p class="muted" data-testid="no-history">Queries that were asked here are kept here, in this browser.</p>;
  return (
    <>
      <ul>
        {history.value.map((q) => (
          <li key={q}>
            <button class="pick mono" type="button" title={q} data-testid="history-item" onClick={() => onPick(q)}>{q}</button>
          </li>
        ))}
      </ul>
      <button class="button small" type="button" data-testid="forget-history" onClick={() => {
        forgetQueries();
        history.value = [];
      }}>
        Forget all
      </button>
    </>
  );
}

interface SavedProps {
  readonly query: SearchQuery;
  readonly onPick: (search: SavedSearch) => void;
}

function Saved({ query, onPick }: SavedProps): VNode {
  const searches = useSignal<readonly SavedSearch[]>([]);
  const name = useSignal("");
  const problem = useSignal("");
  const load = async (): Promise<void> => {
    const read = await readSearches();
    if (read.ok) searches.value = read.value;
    else problem.value = read.error.message;
  };
  useMemo(() => void load(), []);
  const save = async (): Promise<void> => {
    const saved = await saveSearch({ name: name.value.trim(), query: query.q, order: query.order });
    problem.value = saved.ok ? "" : saved.error.message;
    if (saved.ok) name.value = "";
    return load();
  };
  const remove = async (search: SavedSearch): Promise<void> => {
    const removed = await deleteSearch(search.name);
    problem.value = removed.ok ? "" : removed.error.message;
    return load();
  };
  return (
    <>
      <div class="save-line">
        <label class="field">
          <span class="sr">Name of this search</span>
          <input type="text" value={name.value} placeholder="Name of this search" maxLength={100} spellcheck={false} data-testid="save-name"
            onInput={(event) => (name.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              if (name.value.trim()) void save();
            }} />
        </label>
        <button class="button line" type="button" disabled={!name.value.trim()} data-testid="save-search" onClick={() => void save()}>Save</button>
      </div>
      {problem.value && <p class="err" role="alert">{problem.value}</p>}
      {searches.value.length === 0 && !problem.value && <p class="muted">Nothing is saved yet. What is saved, everyone sees who uses this server.</p>}
      <ul>
        {searches.value.map((search) => (
          <li key={search.name}>
            <button class="pick" type="button" title={search.query} data-testid="saved-item" onClick={() => onPick(search)}>
              {search.name} <span class="muted mono">{search.query}</span>
            </button>
            <button class="x" type="button" aria-label={`Delete ${search.name}`} data-testid="delete-search" onClick={() => void remove(search)}>×</button>
          </li>
        ))}
      </ul>
    </>
  );
}
