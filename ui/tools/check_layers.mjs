// SPDX-License-Identifier: Apache-2.0
// Checks that a file of ui/src imports only from its own folder or from folders to the left of it, and
// that no file is longer than its limit: base <- model <- api <- widgets <- views.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const kLayers = ["base", "model", "api", "widgets", "views"];
const kMaxLines = 300;
const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const errors = [];

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const layerOf = (path) => relative(src, path).split(sep)[0];

for (const path of filesBelow(src).filter((name) => /\.(tsx?|css)$/.test(name))) {
  const text = readFileSync(path, "utf8");
  const name = relative(src, path);
  const lines = text.split("\n").length;
  if (lines > kMaxLines) errors.push(`${name}: ${lines} lines, the limit is ${kMaxLines}`);
  if (/\bexport default\b/.test(text)) errors.push(`${name}: default export`);
  for (const [, target] of text.matchAll(/(?:^(?:import|export)\b[^"]*|\bimport\()"(\.[^"]+)"/gm)) {
    const layer = layerOf(resolve(dirname(path), target));
    if (kLayers.indexOf(layer) > kLayers.indexOf(layerOf(path))) {
      errors.push(`${name}: imports ${target}, a higher layer`);
    }
    // Widgets know no tracing: they may use base only.
    if (layerOf(path) === "widgets" && (layer === "model" || layer === "api")) {
      errors.push(`${name}: a widget imports ${target}`);
    }
  }
  if (layerOf(path) !== "api" && /\bfetch\(/.test(text)) errors.push(`${name}: fetch outside api/`);
}

for (const error of errors) console.error(error);
process.exit(errors.length ? 1 : 0);
