// SPDX-License-Identifier: Apache-2.0
// The Compare page: a set of traces with another set, or a trace with a trace. The address says which.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { compareFromParams } from "../../model/compare_query";
import { address } from "../router";
import { PairView } from "./pair_view";
import { SetsView } from "./sets_view";

export function CompareView(): VNode {
  const query = compareFromParams(address.value.params);
  useEffect(() => {
    document.title = "Compare, clew";
  }, []);
  return query.kind === "pair" ? <PairView key="pair" query={query} /> : <SetsView key="sets" query={query} />;
}
