/**
 * Makes the pages of real frameworks: `bundle.mjs react` prints the browser's script, `bundle.mjs react STATE` the HTML
 * that the framework's own server renderer sends for that state.
 *
 * Development builds: they complain about what hydration did not find as it was rendered, and mount twice where asked.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileScript, parse } from "vue/compiler-sfc";

const [framework, state] = process.argv.slice(2);
const isServer = state !== undefined;

/** Compiled ahead, as build tools do: compiling in the page needs `eval`, which no strict policy allows. */
const components = {
  name: "vue",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const templateParseOptions = { isCustomElement: (tag) => tag === "je-donne-mon-avis" };
      const { descriptor } = parse(await readFile(path, "utf8"), { filename: path, templateParseOptions });
      const templateOptions = { ssr: isServer, ssrCssVars: [], compilerOptions: templateParseOptions };
      return { contents: compileScript(descriptor, { id: "page", inlineTemplate: true, templateOptions }).content };
    }),
};

const { outputFiles } = await build({
  absWorkingDir: dirname(fileURLToPath(import.meta.url)),
  entryPoints: [`${framework}.${isServer ? "server" : "client"}.js`],
  bundle: true,
  format: isServer ? "cjs" : "iife",
  packages: isServer ? "external" : undefined,
  charset: "utf8",
  jsx: "automatic",
  jsxDev: false,
  define: {
    "process.env.NODE_ENV": '"development"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
  },
  plugins: [components],
  write: false,
});
const script = outputFiles[0].text;

if (isServer) {
  const made = {};
  new Function("require", "module", script)(createRequire(import.meta.url), made);
  process.stdout.write(await made.exports.render(JSON.parse(state)));
} else process.stdout.write(script);
