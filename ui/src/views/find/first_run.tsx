// SPDX-License-Identifier: Apache-2.0
// The page before anything is stored: what listens, and three ways to send a span. It looks for the first
// trace every two seconds and turns into it.
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { shortTraceId } from "../../model/trace";
import { ShellBox } from "../../widgets/shell_box";
import { goTo } from "../router";
import { newestTrace } from "./find_state";

const kPollMs = 2000;

const kPorts = [
  { port: "4317", protocol: "OTLP gRPC" },
  { port: "4318", protocol: "OTLP HTTP, protobuf" },
  { port: "14268", protocol: "Jaeger thrift over HTTP" },
  { port: "3200", protocol: "Tempo API, this page" },
];

const kWays = [
  {
    title: "Start the demo: an edge and four services",
    text: "./dev demo\ncurl http://uservice3.localhost/",
  },
  {
    title: "Or point a service with an OpenTelemetry SDK here",
    text: "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317\nexport OTEL_EXPORTER_OTLP_PROTOCOL=grpc\nexport OTEL_SERVICE_NAME=checkout",
  },
  {
    title: "Or send what a Collector receives here, too",
    text: "exporters:\n  otlp:\n    endpoint: 127.0.0.1:4317\n    tls: { insecure: true }\nservice:\n  pipelines:\n    traces: { receivers: [otlp], exporters: [otlp] }",
  },
];

export function FirstRun(): VNode {
  return (
    <div class="first" data-testid="first-run">
      <section aria-label="State">
        <h1>No spans yet.</h1>
        <p>clew is running and keeps what it receives. This page turns into the trace as soon as the first one is there.</p>
        <Waiting />
        <table class="dt">
          <thead>
            <tr>
              <th scope="col">Usual port</th>
              <th scope="col">Protocol</th>
            </tr>
          </thead>
          <tbody>
            {kPorts.map(({ port, protocol }) => (
              <tr key={port} class="tight">
                <td class="mono">{port}</td>
                <td>{protocol}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-label="Send a span">
        {kWays.map(({ title, text }, index) => (
          <div key={title} class="step">
            <h2>
              <span class="n">{index + 1}</span>
              {title}
            </h2>
            <ShellBox text={text} />
          </div>
        ))}
      </section>
    </div>
  );
}

function Waiting(): VNode {
  const seconds = useSignal(0);
  useEffect(() => {
    const stop = new AbortController();
    const began = Date.now();
    const clock = setInterval(() => (seconds.value = Math.floor((Date.now() - began) / 1000)), 1000);
    const look = setInterval(() => {
      void newestTrace(stop.signal).then((newest) => {
        if (stop.signal.aborted || !newest.ok || !newest.value) return;
        goTo(`/trace/${shortTraceId(newest.value.traceId)}`);
      });
    }, kPollMs);
    return () => {
      stop.abort();
      clearInterval(clock);
      clearInterval(look);
    };
  }, []);
  const two = (value: number): string => String(value).padStart(2, "0");
  return (
    <div class="waiting">
      <span class="dot" aria-hidden="true" />
      <span role="status">Waiting for the first span</span>
      <span class="muted">
        {two(Math.floor(seconds.value / 60))}:{two(seconds.value % 60)}
      </span>
    </div>
  );
}
