// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "./event_stream";

const kStream = "event: traces\r\ndata: {\"a\": 1}\r\n\r\n: still here\n\ndata: one\ndata:two\ndata\n\nevent: none\n\n\rid: 7\rdata:  x: y\r\r";
const kEvents = [
  { type: "traces", data: '{"a": 1}' },
  { type: "message", data: "one\ntwo\n" },
  { type: "message", data: " x: y" },
];

test("events are the same however the stream is cut", () => {
  const last = `${kStream}\n`; // A CR alone may be half of a line's end.
  for (let size = 1; size <= last.length; ++size) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < last.length; at += size) events.push(...parser.push(last.slice(at, at + size)));
    assert.deepEqual(events, kEvents, `pieces of ${size}`);
  }
});

test("a stream says after how long to come again", () => {
  const parser = new EventParser();
  assert.deepEqual(parser.push("retry: 250\nretry: soon\n\n"), []);
  assert.equal(parser.retryMs, 250);
});

test("what does not end is no event", () => {
  assert.deepEqual(new EventParser().push("data: 1\n"), []);
});
