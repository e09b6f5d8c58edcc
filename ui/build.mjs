// SPDX-License-Identifier: Apache-2.0
// Builds ui/dist: index.html and assets whose names carry a hash of their content, so that they may be
// cached for ever. Nothing is inline: the page runs under the policy default-src 'self'. What a page loads
// only when it is needed, by import(), is a file of its own.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const kInitialLimit = 75 * 1024;
const kTotalLimit = 300 * 1024;

const bundle = (entry, extra) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    target: "es2022",
    outdir: "dist/assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    logLevel: "warning",
    ...extra,
  });

// The page starts its worker by name, which it is told.
const worker = await bundle("src/views/trace/trace_worker.ts", { format: "iife" });
const define = { kTraceWorker: JSON.stringify(`/assets/${basename(worker.outputFiles[0].path)}`) };
const [app, theme] = await Promise.all([
  bundle("src/views/main.tsx", { format: "esm", splitting: true, jsx: "automatic", jsxImportSource: "preact", define }),
  // It must have run before anything is drawn, which a module never has.
  bundle("src/widgets/stored_theme.ts", { format: "iife" }),
]);

/** The files that are there when the page starts: the entry and what it imports at once. */
function initialFiles({ outputs }) {
  const found = new Set();
  const add = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === "import-statement") add(next);
    if (outputs[path].cssBundle) add(outputs[path].cssBundle);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint?.endsWith("main.tsx")) add(path);
  return [...found].map((path) => basename(path));
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

const sizes = new Map();
function write(file, contents) {
  writeFileSync(join(dist, "assets", file), contents);
  sizes.set(file, gzipSync(contents, { level: 9 }).length);
}

for (const { path, contents } of [...app.outputFiles, ...theme.outputFiles, ...worker.outputFiles]) write(basename(path), contents);
const icon = readFileSync(join(root, "src/icon.svg"));
const iconFile = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 10)}.svg`;
write(iconFile, icon);

const initial = initialFiles(app.metafile);
const named = (files, start, extension) => {
  const file = files.find((name) => name.startsWith(start) && name.endsWith(extension));
  if (!file) throw new Error(`the bundle has no ${start}*${extension}`);
  return file;
};
const themeFile = named([...sizes.keys()], "stored_theme-", ".js");
const places = {
  app: named(initial, "main-", ".js"),
  style: named(initial, "main-", ".css"),
  theme: themeFile,
  icon: iconFile,
};
let html = readFileSync(join(root, "src/index.html"), "utf8");
for (const [place, file] of Object.entries(places)) html = html.replace(`{{${place}}}`, `/assets/${file}`);
writeFileSync(join(dist, "index.html"), html);

const sum = (files) => files.reduce((bytes, file) => bytes + sizes.get(file), 0);
const checks = [
  ["initial", sum([...initial, themeFile, iconFile]), kInitialLimit],
  ["total", sum([...sizes.keys()]), kTotalLimit],
];
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`ui/dist, gzip: ${checks.map(([what, bytes]) => `${kib(bytes)} ${what}`).join(", ")}`);
for (const [what, bytes, limit] of checks) {
  if (bytes <= limit) continue;
  console.error(`${what} is over its limit of ${kib(limit)}`);
  process.exitCode = 1;
}
