// SPDX-License-Identifier: Apache-2.0
// Starts the page.
import "../widgets/tokens.css";
import "../widgets/widgets.css";
import "../widgets/graph/graph.css";
import "./query/query.css";
import "./find/find.css";
import "./find/first_run.css";
import "./compare/compare.css";
import "./services/services.css";
import "./metrics/metrics.css";
import "./trace/trace.css";
import "./trace/calls.css";
import "./trace/panel.css";
import "./phone.css";
import "./print.css";
import { render } from "preact";
import { App } from "./app";
import { watchPrinting } from "../widgets/printing";
import { startRouter } from "./router";

startRouter();
watchPrinting();
const root = document.getElementById("app");
if (root) render(<App />, root);
