// SPDX-License-Identifier: Apache-2.0
// Server-sent events, read from any request: the browser's own EventSource sends no headers. Source of the format:
// the HTML standard, section 9.2.6.

export interface StreamedEvent {
  readonly type: string;
  readonly data: string;
}

/** Takes the stream in pieces as they come. */
export class EventParser {
  private rest = "";
  private type = "";
  private data: string[] = [];
  /** After how long to come again once the stream has ended, if it said so. */
  retryMs: number | undefined;

  /** The events that end in this piece. */
  push(piece: string): readonly StreamedEvent[] {
    // A CR at the end may be half of a line's end.
    const text = this.rest + piece;
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? "") + text.slice(whole.length);
    return lines.flatMap((line) => this.take(line));
  }

  private take(line: string): readonly StreamedEvent[] {
    if (line === "") return this.dispatch();
    const [, name, value] = /^([^:]*)(?:: ?)?(.*)$/.exec(line) ?? [];
    if (name === "event") this.type = value ?? "";
    if (name === "data") this.data.push(value ?? "");
    if (name === "retry" && /^\d+$/.test(value ?? "")) this.retryMs = Number(value);
    return []; // What begins with a colon is a comment, and other fields say nothing here.
  }

  private dispatch(): readonly StreamedEvent[] {
    const event = { type: this.type || "message", data: this.data.join("\n") };
    const any = this.data.length > 0;
    this.type = "";
    this.data = [];
    return any ? [event] : [];
  }
}

/** Tells of the events of a stream until it ends or breaks off; gives after how long to come again, if it said so. */
export async function readEvents(stream: ReadableStream<Uint8Array>, tell: (event: StreamedEvent) => void): Promise<number | undefined> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return parser.retryMs;
      parser.push(decoder.decode(value, { stream: true })).forEach(tell);
    }
  } catch {
    return parser.retryMs; // It broke off, or nobody wants it any more.
  }
}
