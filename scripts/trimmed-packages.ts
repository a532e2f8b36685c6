/**
 * Gives the compiled action its own copies of large packages, each with what the action uses and no more. The bundler takes packages
 * whole, and Node would read and compile two megabytes of EC2's client at each start.
 */
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';

const PACKAGE = String.raw`'(@aws-sdk/client-[\w-]+|@actions/(?:core|github))'`;
const IMPORTS = [
  new RegExp(String.raw`import \{([^}]*)\} from ${PACKAGE}`, 'g'),
  new RegExp(String.raw`const \{([^}]*)\} = await import\(${PACKAGE}\)`, 'g'),
];

/** What compiled modules import of each package. */
function usedNames(folder: string): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const file of globSync('**/*.js', { cwd: folder })) {
    const text = readFileSync(join(folder, file), 'utf8');
    const imports = IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)]);
    if (imports.length < [...text.matchAll(new RegExp(PACKAGE, 'g'))].length) {
      throw new Error(
        `${file} imports a large package in another way than by names, so that it would be taken whole`,
      );
    }
    for (const [, names = '', name = ''] of imports) {
      used.set(name, new Set([...(used.get(name) ?? []), ...(names.match(/\w+/g) ?? [])]));
    }
  }
  return used;
}

/** Writes the copy of one package to where the compiled modules find it before the installed one. */
async function trim(root: string, folder: string, name: string, used: Set<string>): Promise<void> {
  const installed = join(root, 'node_modules', name);
  const copy = join(folder, 'node_modules', name);
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(copy, 'used.js'), `export { ${[...used].sort().join(', ')} } from '${name}';\n`);
  const bundle = await rolldown({
    input: join(copy, 'used.js'),
    platform: 'node',
    // The packages that it needs stay what they are.
    external: (id) => id !== name && !id.startsWith('.') && !isAbsolute(id),
    resolve: { mainFields: ['module', 'main'] },
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({ file: join(copy, 'index.js') });
  await bundle.close();
  const { version, license } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const manifest = { name, version, license, type: 'module', main: 'index.js' };
  writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
  // The bundler lists it.
  for (const file of globSync('LICENSE*', { cwd: installed }))
    cpSync(join(installed, file), join(copy, file));
}

/**
 * Trims every large package that the compiled action imports.
 * @param root the repository
 * @param folder where the compiled modules are
 */
export async function trimPackages(root: string, folder: string): Promise<void> {
  for (const [name, used] of usedNames(folder)) await trim(root, folder, name, used);
}
