import { posix } from 'node:path';
import type { ImageSource } from '../inputs.ts';
import { type Checked, combine, convert, listed, problemsOf, refuse } from './checked.ts';
import * as forms from './forms.ts';
import { isSet, problem, type Read, readForm, readOptional } from './read.ts';
import { parseVariables } from './variables.ts';

const buildInputs = ['context', 'dockerfile', 'target', 'build-args', 'platform'] as const;

/** What is deployed: an image that exists, or one that the build inputs describe; never both. */
export function readImageSource(read: Read): Checked<ImageSource> {
  if (!isSet(read, 'image')) return readBuild(read);
  const image = readForm(read, 'image', forms.image);
  const superfluous = buildInputs.filter((input) => isSet(read, input));
  if (superfluous.length === 0) return convert(image, (name) => ({ kind: 'existing', image: name }));
  const conflict = problem(
    'image',
    `is set together with ${listed(superfluous)}, but an image that exists is not built`,
    {
      allowed: `image, or inputs of the build (${listed(buildInputs)}), not both`,
      example: forms.image.example,
    },
  );
  return refuse(conflict, ...problemsOf(image));
}

function readBuild(read: Read): Checked<ImageSource> {
  const parts = combine({
    context: readForm(read, 'context', forms.path),
    dockerfile: readOptional(read, 'dockerfile', forms.path),
    stage: readOptional(read, 'target', forms.stage),
    buildArguments: parseVariables('build-args', read('build-args')),
    platform: readOptional(read, 'platform', forms.platform),
  });
  return convert(parts, (build) => ({
    kind: 'build',
    ...build,
    dockerfile: build.dockerfile || posix.join(build.context, 'Dockerfile'),
  }));
}
