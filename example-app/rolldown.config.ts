import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/** What is started: each becomes a file in `dist/` of the same name. */
const PROGRAMS = ['server', 'migrate', 'healthcheck'];

/** The migrations stay files of their own: their names are what the database remembers. */
const MIGRATIONS = readdirSync('src/migrations').map((file) => `migrations/${path.parse(file).name}`);

/**
 * Node's own modules, as they are required: an import reads everything that they export, and so starts parts of Node that
 * load at their first use, such as the HTTP client of `fetch`.
 */
const builtinModules: Plugin = {
  name: 'builtin modules',
  // Not those of the bundler's own few lines, which all the others need.
  resolveId: (id, importer) => (isBuiltin(id) && !importer?.startsWith('\0') ? `\0${id}` : null),
  load: (id) => (id.startsWith('\0') ? builtinModule(id.slice(1)) : null),
};

function builtinModule(id: string): string | null {
  return isBuiltin(id) ? `module.exports = process.getBuiltinModule('${id}');` : null;
}

/** The packages' own source map would be larger than all the rest of the app. Their code is not minified anyway. */
const noMapOfPackages: Plugin = {
  name: 'no map of packages',
  generateBundle: (_options, bundle) => {
    delete bundle['packages.js.map'];
  },
};

/** Everything in a few files: to find, read and link hundreds was most of the time that the app took to start. */
export default defineConfig({
  platform: 'node',
  input: Object.fromEntries([...PROGRAMS, ...MIGRATIONS].map((name) => [name, `src/${name}.ts`])),
  // ONNX Runtime has a library in machine code beside it; pg asks for the other one only when told to.
  external: ['onnxruntime-node', 'pg-native'],
  plugins: [builtinModules, noMapOfPackages],
  // A package that Koa needs has one.
  checks: { eval: false },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    cleanDir: true,
    // By them the log names the sources where an error occurred.
    sourcemap: true,
    sourcemapExcludeSources: true,
    chunkFileNames: '[name].js',
    // Those that explain fill more than half of some packages; licences stay.
    comments: { jsdoc: false },
    codeSplitting: { groups: [{ name: 'packages', test: /node_modules/ }] },
  },
});
