// SPDX-License-Identifier: Apache-2.0
// A file of spans in the place of what is stored: dropped on any page or chosen, it stays in the browser and is
// sent with each question. All pages then show it, until it is closed.
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { ask } from "../api/http";
import { type FileContents, readContents } from "../api/opened_file";
import { formatCount, plural } from "../base/format";
import { setStandingRange } from "../model/time_range";
import { goTo } from "./router";

const opened = signal<{ readonly name: string; readonly contents: FileContents } | undefined>(undefined);
const refused = signal<{ readonly name: string; readonly message: string } | undefined>(undefined);
/** Another one whenever pages show something else. */
export const fileNumber = signal(0);

export function fileIsOpen(): boolean {
  return opened.value !== undefined;
}

async function open(file: File): Promise<void> {
  const answer = await readContents(file);
  if (!answer.ok) {
    refused.value = { name: file.name, message: answer.error.message };
    return;
  }
  const contents = answer.value;
  opened.value = { name: file.name, contents };
  refused.value = undefined;
  ask({ file });
  setStandingRange({ range: "custom", start: contents.start, end: contents.end });
  show(contents.traceId ? `/trace/${contents.traceId}` : "/find");
}

function close(): void {
  opened.value = undefined;
  ask({ file: undefined });
  setStandingRange(undefined);
  show("/find");
}

function show(target: string): void {
  goTo(target);
  fileNumber.value += 1;
}

/** Opens what is dropped anywhere; the result ends that. */
export function takeDroppedFiles(): () => void {
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void open(file);
  };
  addEventListener("dragover", over);
  addEventListener("drop", drop);
  return () => {
    removeEventListener("dragover", over);
    removeEventListener("drop", drop);
  };
}

/** Lets a file be chosen. */
export function OpenFileButton(): VNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button class="button" type="button" title="A trace in a file: OTLP, Jaeger or Zipkin. Or drop it on the page." onClick={() => input.current?.click()}>
        Open
      </button>
      <input ref={input} type="file" hidden data-testid="file-input" onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        if (file) void open(file);
        event.currentTarget.value = "";
      }} />
    </>
  );
}

/** What is shown in the place of what is stored, and why a file is not. */
export function OpenedFileStrip(): VNode | null {
  const file = opened.value;
  const problem = refused.value;
  if (!file && !problem) return null;
  return (
    <div class="file-strip">
      {file && <OpenedFile name={file.name} contents={file.contents} />}
      {problem && (
        <p role="alert" data-testid="refused-file">
          <b>{problem.name}</b> was not opened: {problem.message}{" "}
          <button class="button" type="button" onClick={() => (refused.value = undefined)}>
            Go on
          </button>
        </p>
      )}
    </div>
  );
}

function OpenedFile({ name, contents }: { readonly name: string; readonly contents: FileContents }): VNode {
  const { traces, spans, format, problems } = contents;
  return (
    <p data-testid="opened-file">
      <b>{name}</b>: {formatCount(traces)} {plural(traces, "trace")}, {formatCount(spans)} {plural(spans, "span")}, {format}. All
      pages show this file alone; nothing of it is stored.
      {problems.length > 0 && <> What could not be read: {problems.join("; ")}.</>}{" "}
      <button class="button" type="button" onClick={close} data-testid="close-file">
        Close the file
      </button>
    </p>
  );
}
