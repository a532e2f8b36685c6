/** Makes dist/: the bundle that GitHub runs, everything in the folder anew; and the template that holds the host program. */
import { execFileSync } from 'node:child_process';
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { trimPackages } from './trimmed-packages.ts';

const root = join(import.meta.dirname, '..');
const locate = createRequire(import.meta.url).resolve;

function run(file: string, ...args: string[]): void {
  execFileSync(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

rmSync(join(root, 'build'), { recursive: true, force: true });
run(join(root, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.build.json');
cpSync(join(root, 'src/host/program.sh'), join(root, 'build/host/program.sh'));
// The compiled modules say what they are, so that the bundler keeps them ES modules.
writeFileSync(join(root, 'build/package.json'), '{ "type": "module" }\n');
await trimPackages(root, join(root, 'build'));
run(
  locate('@vercel/ncc/dist/ncc/cli.js'),
  ...['build', 'build/main.js', '--out', 'build/dist', '--license', 'licenses.txt', '--quiet'],
);
run(join(root, 'scripts/host-document.ts'));
// Swapped in at the end: a deploy that runs meanwhile finds the old bundle or the new one.
rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(join(root, 'build/dist'), join(root, 'dist'));
