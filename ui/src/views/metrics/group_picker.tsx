// SPDX-License-Identifier: Apache-2.0
// What the numbers are grouped by, chosen from what is stored: the query's by() is written anew. The names of the
// spans that are counted come with their counts.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readCountedNames } from "../../api/client";
import { formatCount } from "../../base/format";
import type { MetricsQuery } from "../../model/metrics_query";
import { groupsOf, withGroup } from "../../model/query_groups";
import { partsOf } from "../../model/query_parts";
import { askedParams } from "../../model/time_range";
import { DropDown } from "../../widgets/drop_down";

const kAlways = ["resource.service.name", "name", "kind", "status"];
const kMostNames = "200";
const kMostShown = 40;

interface Field {
  readonly text: string;
  /** Undefined: every span has it. */
  readonly spans: number | undefined;
}

export interface GroupPickerProps {
  readonly query: MetricsQuery;
  readonly open: Signal<boolean>;
  readonly onQuery: (q: string) => void;
}

export function GroupPicker({ query, open, onQuery }: GroupPickerProps): VNode | null {
  const chosen = groupsOf(query.q);
  if (!chosen) return null;
  return (
    <DropDown label="Group by" testId="group-by" open={open}>
      {() => <Fields query={query} chosen={chosen} onPick={(field) => onQuery(withGroup(query.q, field))} />}
    </DropDown>
  );
}

interface FieldsProps {
  readonly query: MetricsQuery;
  readonly chosen: readonly string[];
  readonly onPick: (field: string) => void;
}

function Fields({ query, chosen, onPick }: FieldsProps): VNode {
  const stored = useSignal<readonly Field[]>([]);
  const typed = useSignal("");
  const { filter } = partsOf(query.q);
  useEffect(() => {
    const stop = new AbortController();
    const asked = askedParams(query, filter);
    asked.set("limit", kMostNames);
    void readCountedNames(asked, stop.signal).then((names) => {
      if (names.ok && !stop.signal.aborted) stored.value = names.value;
    });
    return () => stop.abort();
  }, [filter, query.range, query.start, query.end]);
  const words = typed.value.trim().toLowerCase();
  const known = [...chosen.filter((text) => !kAlways.includes(text)), ...kAlways].map((text): Field => ({ text, spans: undefined }));
  const others = stored.value.filter(({ text }) => !known.some((field) => field.text === text));
  const shown = [...known, ...others].filter(({ text }) => text.toLowerCase().includes(words)).slice(0, kMostShown);
  const enter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (shown[0] && words) onPick(shown[0].text);
    typed.value = "";
  };
  return (
    <>
      <div class="save-line">
        <label class="field">
          <span class="sr">Name of an attribute</span>
          <input type="text" value={typed.value} placeholder="Attribute" spellcheck={false} autocomplete="off" data-testid="group-name"
            onInput={(event) => (typed.value = event.currentTarget.value)} onKeyDown={enter} />
        </label>
      </div>
      {shown.length === 0 && <p class="muted">No attribute of that name.</p>}
      <ul class="groups">
        {shown.map(({ text, spans }) => (
          <li key={text}>
            <button class="pick" type="button" aria-pressed={chosen.includes(text)} data-testid="group-field" data-field={text} onClick={() => onPick(text)}>
              <span class="mark" aria-hidden="true" /> <span class="mono">{text}</span>
              {spans !== undefined && <span class="num muted">{formatCount(spans)}</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
