// SPDX-License-Identifier: Apache-2.0
// The page before anything is stored: what listens, and how to send a span. It looks for the first
// trace every two seconds and turns into it.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { readServerFacts } from "../../api/server_api";
import { formatCount, plural } from "../../base/format";
import { curlOf, endpointsOf, sendingWays } from "../../model/sending_ways";
import { type ListenedPort, listenedPorts, receivedBy, type ServerFacts } from "../../model/server_facts";
import { shortTraceId } from "../../model/trace";
import { ShellBox } from "../../widgets/shell_box";
import { goTo, shownTenant } from "../router";
import { newestTrace } from "./find_state";
import { ReceivedText } from "./received_text";
import { SendingWays } from "./sending_ways";

const kPollMs = 2000;

export function FirstRun(): VNode {
  const facts = useSignal<ServerFacts | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      const [told, newest] = await Promise.all([readServerFacts(stop.signal), newestTrace(stop.signal)]);
      if (stop.signal.aborted) return;
      if (told.ok) facts.value = told.value;
      if (newest.ok && newest.value) goTo(`/trace/${shortTraceId(newest.value.traceId)}`);
    };
    void look();
    const timer = setInterval(() => void look(), kPollMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, []);
  const known = facts.value;
  const endpoints = endpointsOf(known, location.hostname, shownTenant());
  return (
    <div class="first" data-testid="first-run">
      <section aria-label="State">
        <h1>No spans yet.</h1>
        <p>
          clew is running and stores what it receives{known && <> in <code>{known.dataDirectory}</code></>}. This page turns into the
          trace as soon as the first one is there.
        </p>
        <Waiting arrived={(known?.spans ?? 0) > 0} />
        {known && <Ports facts={known} />}
        {known && <Refusals facts={known} />}
      </section>
      <section aria-label="Send a span">
        <Step number={1} title="Send one span">
          <ShellBox text={curlOf(endpoints)} />
        </Step>
        <Step number={2} title="Or point a service that is already instrumented here">
          <SendingWays ways={sendingWays(endpoints)} facts={known} />
        </Step>
        <Step number={3} title="Or look at a file: drop it here">
          <p>Traces in OTLP, Jaeger's or Zipkin's JSON, up to 64 MiB. Nothing of it is stored.</p>
        </Step>
        <Step number={4} title="Or start the demo: an edge and four services">
          <ShellBox text={"./dev demo\ncurl http://uservice3.localhost/"} />
        </Step>
      </section>
    </div>
  );
}

function Step({ number, title, children }: { readonly number: number; readonly title: string; readonly children: VNode }): VNode {
  return (
    <div class="step">
      <h2>
        <span class="n">{number}</span>
        {title}
      </h2>
      {children}
    </div>
  );
}

function Ports({ facts }: { readonly facts: ServerFacts }): VNode {
  return (
    <table class="dt" data-testid="ports">
      <thead>
        <tr>
          <th scope="col">Port</th>
          <th scope="col">Protocol</th>
          <th scope="col" class="num">Received</th>
        </tr>
      </thead>
      <tbody>
        {listenedPorts(facts).map((listened) => <PortRow key={listened.port} listened={listened} facts={facts} />)}
      </tbody>
    </table>
  );
}

function PortRow({ listened: { protocol, port, speaks }, facts }: { readonly listened: ListenedPort; readonly facts: ServerFacts }): VNode {
  const received = receivedBy(facts, protocol);
  return (
    <tr class={received && received.requests > 0 ? "tight has-received" : "tight"} data-testid={`port-${protocol}`}>
      <td class="mono">{port}</td>
      <td colSpan={received ? 1 : 2}>{speaks}</td>
      {received && <td class="num"><ReceivedText received={received} nothing="0" /></td>}
    </tr>
  );
}

function Refusals({ facts: { requests, refusedRequests, rejectedSpans, lastRefusal } }: { readonly facts: ServerFacts }): VNode {
  if (refusedRequests === 0 && rejectedSpans === 0) {
    return <p class="muted fine">{requests === 0 ? "Nothing came so far" : `${formatCount(requests)} ${plural(requests, "request")} came`}, and nothing was refused.</p>;
  }
  return (
    <>
      <p class="fine" data-testid="refusals">
        <span class="err">!</span> {formatCount(refusedRequests)} {plural(refusedRequests, "request")} and {formatCount(rejectedSpans)}{" "}
        {plural(rejectedSpans, "span")} were refused. {lastRefusal ? "Why the last was:" : "Who sent them was told why, and the server's log says it."}
      </p>
      {lastRefusal && <p class="fine said" data-testid="last-refusal">{lastRefusal}</p>}
    </>
  );
}

function Waiting({ arrived }: { readonly arrived: boolean }): VNode {
  const seconds = useSignal(0);
  useEffect(() => {
    const began = Date.now();
    const clock = setInterval(() => (seconds.value = Math.floor((Date.now() - began) / 1000)), 1000);
    return () => clearInterval(clock);
  }, []);
  const two = (value: number): string => String(value).padStart(2, "0");
  return (
    <div class={arrived ? "waiting has-arrived" : "waiting"}>
      <span class="dot" aria-hidden="true" />
      <span role="status">{arrived ? "The first span is here" : "Waiting for the first span"}</span>
      <span class="muted">
        {two(Math.floor(seconds.value / 60))}:{two(seconds.value % 60)}
      </span>
    </div>
  );
}
