// SPDX-License-Identifier: Apache-2.0
// The attributes of a span in groups by what they are about, what usually tells most first: what went wrong, then
// the call, then where it ran. Names are those of OpenTelemetry, old ones included.
import type { Attribute } from "./trace";

export interface AttributeGroup {
  readonly title: string;
  readonly attributes: readonly Attribute[];
}

const kGroups: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ["Exception", ["exception", "error"]],
  ["HTTP", ["http", "url", "user_agent", "webengine"]],
  ["Database", ["db", "sql", "redis"]],
  ["RPC", ["rpc", "grpc", "aws", "graphql"]],
  ["Messaging", ["messaging", "message", "kafka", "rabbitmq", "queue"]],
  ["AI", ["gen_ai", "llm"]],
  ["Feature", ["feature_flag", "faas"]],
  ["User", ["enduser", "user", "session", "client"]],
  ["Network", ["network", "net", "server", "peer", "tls", "dns", "source", "destination"]],
  ["Code", ["code", "thread"]],
  ["Service", ["service", "deployment", "telemetry"]],
  ["Runtime", ["process", "os", "host", "device", "browser", "container", "k8s", "cloud"]],
];

const titleByPrefix = new Map(kGroups.flatMap(([title, prefixes]) => prefixes.map((prefix) => [prefix, title] as const)));

/** Attributes of no known name are "Attributes", behind the known ones. */
export function groupAttributes(attributes: readonly Attribute[]): readonly AttributeGroup[] {
  const byTitle = new Map<string, Attribute[]>();
  for (const attribute of attributes) {
    const title = titleByPrefix.get(/^[^.]*/.exec(attribute.key)![0]) ?? "";
    const list = byTitle.get(title);
    if (list) list.push(attribute);
    else byTitle.set(title, [attribute]);
  }
  const groups = kGroups.flatMap(([title]) => (byTitle.has(title) ? [{ title, attributes: byTitle.get(title)! }] : []));
  const others = byTitle.get("");
  return others ? [...groups, { title: groups.length > 0 ? "Other attributes" : "Attributes", attributes: others }] : groups;
}
