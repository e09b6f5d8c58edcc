// SPDX-License-Identifier: Apache-2.0
// What the server says of a file of spans.
import { failure, type Result, success } from "../base/result";
import { describeFile } from "./http";
import { listOf, numberOf, objectOf, textOf } from "./json";

export interface FileContents {
  /** "Jaeger JSON" and so on. */
  readonly format: string;
  readonly spans: number;
  readonly traces: number;
  /** The trace, if there is but one. */
  readonly traceId: string | undefined;
  /** Unix seconds that all spans lie between. */
  readonly start: string;
  readonly end: string;
  /** What could not be read, and where. */
  readonly problems: readonly string[];
}

export function decodeContents(json: unknown): FileContents {
  const fields = objectOf(json);
  const seconds = (name: string): number => numberOf(fields[name]) / 1e9;
  return {
    format: textOf(fields["format"]),
    spans: numberOf(fields["spans"]),
    traces: numberOf(fields["traces"]),
    traceId: textOf(fields["traceID"]) || undefined,
    start: String(Math.floor(seconds("startTimeUnixNano"))),
    end: String(Math.floor(seconds("endTimeUnixNano")) + 1),
    problems: listOf(fields["problems"]).map(textOf),
  };
}

/** What the server takes. */
const kMostBytes = 64 << 20;

export async function readContents(file: Blob): Promise<Result<FileContents>> {
  if (file.size > kMostBytes) return failure("it is larger than 64 MiB; clew import stores files of any size");
  const answer = await describeFile(file);
  return answer.ok ? success(decodeContents(answer.value)) : answer;
}
