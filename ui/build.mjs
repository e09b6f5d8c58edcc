// SPDX-License-Identifier: Apache-2.0
// Builds ui/dist: index.html and assets whose names carry a hash of their content, so that they may be
// cached for ever. Nothing is inline: the page runs under the policy default-src 'self'.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const kGzipLimit = 75 * 1024;

const bundle = (entry, extra = {}) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    outdir: "dist",
    logLevel: "warning",
    ...extra,
  });

const [app, theme] = await Promise.all([
  bundle("src/views/main.tsx", { jsx: "automatic", jsxImportSource: "preact" }),
  bundle("src/widgets/stored_theme.ts"),
]);

function textOf(result, extension) {
  const file = result.outputFiles.find(({ path }) => path.endsWith(extension));
  if (!file) throw new Error(`the bundle has no ${extension} file`);
  return file.contents;
}

const assets = {
  app: [textOf(app, ".js"), "js"],
  style: [textOf(app, ".css"), "css"],
  theme: [textOf(theme, ".js"), "js"],
  icon: [readFileSync(join(root, "src/icon.svg")), "svg"],
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

let html = readFileSync(join(root, "src/index.html"), "utf8");
let gzipBytes = 0;
for (const [name, [contents, extension]] of Object.entries(assets)) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const file = `assets/${name === "style" ? "app" : name}-${hash}.${extension}`;
  writeFileSync(join(dist, file), contents);
  html = html.replace(`{{${name}}}`, `/${file}`);
  gzipBytes += gzipSync(contents, { level: 9 }).length;
}
writeFileSync(join(dist, "index.html"), html);

console.log(`ui/dist: ${(gzipBytes / 1024).toFixed(1)} KiB gzip`);
if (gzipBytes > kGzipLimit) {
  console.error(`the bundle is over its limit of ${kGzipLimit / 1024} KiB gzip`);
  process.exit(1);
}
