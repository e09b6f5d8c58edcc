// SPDX-License-Identifier: Apache-2.0
// What the numbers are grouped by, chosen from what is stored: the query's by() is written anew. The names of the
// spans that are counted come with their counts.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readCountedNames } from "../../api/client";
import type { MetricsQuery } from "../../model/metrics_query";
import { groupsOf, withGroup } from "../../model/query_groups";
import { partsOf } from "../../model/query_parts";
import { askedParams } from "../../model/time_range";
import { DropDown } from "../../widgets/drop_down";
import { FieldPicker, type StoredField } from "../query/field_picker";

const kAlways = ["resource.service.name", "name", "kind", "status"];
const kMostNames = "200";

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
  const stored = useSignal<readonly StoredField[]>([]);
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
  return <FieldPicker name="group" chosen={chosen} always={kAlways} stored={stored.value} onPick={onPick} />;
}
