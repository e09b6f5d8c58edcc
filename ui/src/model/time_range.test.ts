// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { fixedRange } from "./time_range";

test("a range that ends now is said with both its ends", () => {
  deepEqual(fixedRange({ range: "15m", start: "", end: "" }, 1999.2), { range: "custom", start: "1100", end: "2000" });
});

test("a range with ends keeps them, and all time has none", () => {
  deepEqual(fixedRange({ range: "custom", start: "007", end: "100" }, 2000), { range: "custom", start: "7", end: "100" });
  deepEqual(fixedRange({ range: "all", start: "5", end: "9" }, 2000), { range: "all", start: "5", end: "9" });
});
