// SPDX-License-Identifier: Apache-2.0
// Which attributes of the spans that match are columns of the results. They are asked for with the rows.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readTagNamesOf } from "../../api/client";
import { kMaxColumns, withColumn } from "../../model/result_columns";
import { kServiceField, type SearchQuery, takesColumns } from "../../model/search_query";
import { DropDown } from "../../widgets/drop_down";
import { FieldPicker, type StoredField } from "../query/field_picker";

const kAlways = ["kind", "status", "statusMessage"];

export interface ColumnsMenuProps {
  readonly query: SearchQuery;
  readonly open: Signal<boolean>;
  readonly onColumns: (columns: readonly string[]) => void;
}

export function ColumnsMenu({ query, open, onColumns }: ColumnsMenuProps): VNode {
  return (
    <DropDown label="Columns" testId="columns" open={open}>
      {() => takesColumns(query.q)
        ? <Fields query={query} onPick={(field) => onColumns(withColumn(query.columns, field))} />
        : <p class="muted">A query whose pipelines are joined says by itself what it selects.</p>}
    </DropDown>
  );
}

interface FieldsProps {
  readonly query: SearchQuery;
  readonly onPick: (field: string) => void;
}

function Fields({ query, onPick }: FieldsProps): VNode {
  const stored = useSignal<readonly StoredField[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    void readTagNamesOf(query, stop.signal).then((names) => {
      // The service stands in front of the name.
      if (names.ok && !stop.signal.aborted) stored.value = names.value.filter((name) => name !== kServiceField).map((text) => ({ text }));
    });
    return () => stop.abort();
  }, [query.range, query.start, query.end]);
  const full = query.columns.length >= kMaxColumns ? `${kMaxColumns} columns are the most.` : undefined;
  return <FieldPicker name="column" chosen={query.columns} always={kAlways} stored={stored.value} onPick={onPick} full={full} />;
}
