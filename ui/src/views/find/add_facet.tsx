// SPDX-License-Identifier: Apache-2.0
// One more facet, of any field that is stored: chosen by a part of its name, and taken away the same way.
import { type Signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readTagNamesOf } from "../../api/client";
import { kMostOwnFacets } from "../../model/own_facets";
import type { TimeRange } from "../../model/time_range";
import { DropDown } from "../../widgets/drop_down";
import { FieldPicker, type StoredField } from "../query/field_picker";

const kAlways = ["name", "kind", "statusMessage", "trace:rootService"];

export interface AddFacetProps {
  readonly range: TimeRange;
  /** That the reader added. */
  readonly own: readonly string[];
  /** That are facets by themselves. */
  readonly usual: readonly string[];
  readonly open: Signal<boolean>;
  readonly onToggle: (field: string) => void;
}

export function AddFacet(props: AddFacetProps): VNode {
  return (
    <DropDown label="+ field" testId="add-facet" open={props.open}>
      {() => <Fields {...props} />}
    </DropDown>
  );
}

function Fields({ range, own, usual, onToggle }: AddFacetProps): VNode {
  const stored = useSignal<readonly StoredField[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    void readTagNamesOf(range, stop.signal).then((names) => {
      if (names.ok && !stop.signal.aborted) stored.value = names.value.map((text) => ({ text }));
    });
    return () => stop.abort();
  }, [range.range, range.start, range.end]);
  const full = own.length >= kMostOwnFacets ? `${kMostOwnFacets} more fields are the most.` : undefined;
  return <FieldPicker name="facet" chosen={own} always={kAlways} stored={stored.value.filter(({ text }) => !usual.includes(text))} onPick={onToggle} full={full} />;
}

/** Where the focus goes when the facet that had it is gone. */
export function focusAddFacet(): void {
  document.querySelector<HTMLElement>("[data-testid=add-facet]")?.focus();
}
