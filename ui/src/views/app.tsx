// SPDX-License-Identifier: Apache-2.0
// Chooses the page by the path of the address.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { fileIsOpen, fileNumber, takeDroppedFiles } from "./opened_file";
import { addressOfExploreLink } from "../model/explore_link";
import { toggleKeys, useKeys } from "../widgets/keyboard";
import { toggleZone, utcShown } from "../widgets/zone_choice";
import { FindView } from "./find/find_view";
import { address, goTo, shownTenant } from "./router";
import { lateView } from "./late_view";
import { useScreenKeys } from "./screens";
import { TenantPage } from "./tenant_page";
import { tenantWanted } from "./tenant_strip";
import { TopBar } from "./top_bar";

export function App(): VNode {
  useKeys({ "?": toggleKeys, u: toggleZone });
  useScreenKeys();
  useEffect(takeDroppedFiles, []);
  const wanted = fileIsOpen() ? undefined : tenantWanted();
  if (wanted !== undefined) return <TenantPage said={wanted} />;
  // Times are texts all over a page: it is made anew with those of the other zone, of another file and of another tenant.
  return <Page key={`${utcShown.value ? "utc" : "local"}${fileNumber.value} ${shownTenant() ?? ""}`} />;
}

function Page(): VNode {
  const { path, params } = address.value;
  const traceId = /^\/trace\/([0-9a-fA-F]{1,32})\/?$/.exec(path)?.[1];
  if (traceId) return <TraceView key={traceId} traceId={traceId} />;
  if (path === "/" || path === "/find") return <FindView />;
  if (path === "/compare") return <ComparePage />;
  if (path === "/services") return <ServicesPage />;
  if (path === "/chart") return <MetricsPage />;
  if (path === "/explore") return <Redirect to={addressOfExploreLink(params)} />;
  return <NoSuchPage path={path} />;
}

// Loaded when they are gone to.
const TraceView = lateView(undefined, () => import("./trace/trace_view").then(({ TraceView: View }) => View));
const ComparePage = lateView("compare", () => import("./compare/compare_view").then(({ CompareView }) => CompareView));
const ServicesPage = lateView("services", () => import("./services/services_view").then(({ ServicesView }) => ServicesView));
const MetricsPage = lateView("metrics", () => import("./metrics/metrics_view").then(({ MetricsView }) => MetricsView));

function Redirect({ to }: { readonly to: string }): VNode {
  useEffect(() => goTo(to, "replace"), [to]);
  return <TopBar />;
}

function NoSuchPage({ path }: { readonly path: string }): VNode {
  return (
    <div class="page">
      <TopBar />
      <main class="message">
        <h1>No page here.</h1>
        <p>
          There is nothing at <code>{path}</code>. <a href="/find">Find a trace</a>
        </p>
      </main>
    </div>
  );
}
