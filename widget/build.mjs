/**
 * Bundles what browsers load: the widget, the form page, and the admin's charts.
 *
 * The same sources give the same bytes: the loader's name carries its hash and owners paste that hash (SRI) into their
 * pages, so nothing that changes from one machine to the next (a date, a path, a source map) may enter a file.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Phones that still get no update: what their last browser can read. */
const SCRIPT_TARGET = ["es2020"];
const STYLE_TARGET = ["chrome80", "firefox78", "safari14"];

/** Source → built file. The loader is named after its public, versioned address. */
const WIDGET = {
  "widget/src/loader.js": "widget/dist/v1.js",
  "widget/src/extra.js": "widget/dist/v1-extra.js",
  "widget/src/kiosk.js": "widget/dist/kiosk.js",
  "widget/src/trial.js": "widget/dist/trial.js",
  "widget/src/form.js": "widget/dist/form.js",
  "widget/src/form.css": "widget/dist/form.css",
};

async function filesIn(folder) {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** Every script and style at the top of admin/src is a page's own; its folders hold what they share. */
async function adminEntries() {
  const names = (await filesIn("admin/src")).filter((name) => [".js", ".css"].includes(extname(name))).sort();
  return Object.fromEntries(names.map((name) => [`admin/src/${name}`, `admin/static/${name}`]));
}

async function widgetEntries() {
  const there = new Set((await filesIn("widget/src")).map((name) => `widget/src/${name}`));
  return Object.fromEntries(Object.entries(WIDGET).filter(([source]) => there.has(source)));
}

/** A style sheet that a script imports is its minified text, for a constructed sheet: no policy forbids those. */
const styleAsText = {
  name: "style-as-text",
  setup: ({ onLoad }) =>
    onLoad({ filter: /(loader|extra)\.css$/ }, async ({ path }) => {
      const result = await build({ entryPoints: [path], minify: true, target: STYLE_TARGET, write: false });
      return { contents: result.outputFiles[0].text.trim().replace(/="(\w+)"\]/g, "=$1]"), loader: "text" };
    }),
};

/** esbuild joins files and terser shrinks what is sent to citizens: 17 bytes of the loader, 23 of the form. */
async function shrink(target, contents) {
  if (!/^widget.*js$/.test(target)) return contents;
  const { code } = await minify(Buffer.from(contents).toString(), {
    ecma: 2020,
    compress: { passes: 4, unsafe: true, unsafe_arrows: true },
    mangle: { toplevel: true },
  });
  return Buffer.from(code);
}

async function bundle(source, target) {
  const isStyle = extname(source) === ".css";
  const result = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify: true,
    format: isStyle ? undefined : "iife",
    target: isStyle ? STYLE_TARGET : SCRIPT_TARGET,
    charset: "utf8",
    // Licences of bundled libraries stay with their code. Ours is said once, in LICENSE.
    legalComments: "eof",
    sourcemap: false,
    // Fonts and pictures are served by the collector under the addresses that the style sheet names.
    external: ["*.svg", "*.png", "*.woff2"],
    outfile: target,
    plugins: [styleAsText],
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  const [file] = result.outputFiles;
  const notices = await noticesOf(Object.keys(result.metafile.inputs));
  return {
    target,
    bytes: Buffer.concat([await shrink(target, file.contents), notices]),
    warnings: result.warnings.length,
  };
}

/** Apache's licence wants a library's NOTICE to travel with it; minifying would leave it behind. */
async function noticesOf(inputs) {
  const libraries = new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]));
  const notices = [];
  for (const library of [...libraries].filter(Boolean).sort()) {
    if ((await filesIn(`node_modules/${library}`)).includes("NOTICE")) {
      notices.push(`/*!\n${(await readFile(join(root, "node_modules", library, "NOTICE"), "utf8")).trim()}\n*/\n`);
    }
  }
  return Buffer.from(notices.join(""));
}

/** A server may be reading the file: it sees the old one or the new one, never half. */
async function replace(path, bytes) {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  await writeFile(fresh, bytes);
  await rename(fresh, path);
}

async function forget(folder, kept) {
  for (const name of await filesIn(folder)) {
    if (!kept.has(`${folder}/${name}`)) await rm(join(root, folder, name));
  }
}

function sizes(bytes) {
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  return [bytes.length, gzip, brotli].map((size) => String(size).padStart(8)).join("");
}

const entries = { ...(await widgetEntries()), ...(await adminEntries()) };
const built = await Promise.all(Object.entries(entries).map(([source, target]) => bundle(source, target)));

for (const { target, bytes } of built) await replace(join(root, target), bytes);
const kept = new Set(built.map(({ target }) => target));
await forget("widget/dist", kept);
await forget("admin/static", kept);

/** A release keeps its scripts for ever, under the name that pages pin. What is there already is never written again. */
if (process.argv.includes("--release")) {
  for (const { target, bytes } of built.filter(({ target }) => /^widget\/dist\/v1/.test(target))) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
    const name = `widget/released/${basename(target, ".js")}.${hash}.js`;
    await mkdir(join(root, "widget/released"), { recursive: true });
    await writeFile(join(root, name), bytes, { flag: "wx" }).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
    console.log(`released ${name}`);
  }
}

const width = Math.max(0, ...built.map(({ target }) => target.length));
console.log(`${"built".padEnd(width)}     raw    gzip  brotli`);
for (const { target, bytes } of built) console.log(relative("", target).padEnd(width) + sizes(bytes));

if (built.some(({ warnings }) => warnings > 0)) {
  console.error("esbuild warned; here a warning is an error.");
  process.exitCode = 1;
}
