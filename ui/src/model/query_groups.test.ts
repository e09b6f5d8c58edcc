// SPDX-License-Identifier: Apache-2.0
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { groupsOf, withGroup, withGroups } from "./query_groups";

const kQuery = "{ kind = server } | quantile_over_time(duration, .5, .95) by (resource.service.name, span.\"a, b\") > 1 | topk(5) with (exemplars=true)";

test("the fields of by() are read, whatever stands around it", () => {
  deepEqual(groupsOf(kQuery), ["resource.service.name", "span.\"a, b\""]);
  deepEqual(groupsOf("{ } | rate()"), []);
  deepEqual(groupsOf("{ } | compare({ status = error })"), undefined);
  deepEqual(groupsOf("{ status = error }"), undefined);
});

test("a field is added, and taken away again", () => {
  equal(withGroup("{ } | rate()", "name"), "{ } | rate() by (name)");
  equal(withGroup("{ } | rate() by (name)", "status"), "{ } | rate() by (name, status)");
  equal(withGroup("{ } | rate() by (name, status)", "name"), "{ } | rate() by (status)");
  equal(withGroup("{ } | rate() by (name)", "name"), "{ } | rate()");
  equal(withGroup("{ } | rate() > 5", "name"), "{ } | rate() by (name) > 5");
});

test("all else of the query stays", () => {
  equal(withGroups(kQuery, ["name"]), "{ kind = server } | quantile_over_time(duration, .5, .95) by (name) > 1 | topk(5) with (exemplars=true)");
  equal(withGroups("{ } | compare({ status = error })", ["name"]), "{ } | compare({ status = error })");
});
