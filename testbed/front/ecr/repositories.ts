import { ApiError } from '../api-error.ts';
import { type JsonObject, objectsAt, stringAt } from '../json.ts';
import type { Moto } from '../moto.ts';
import type { PushLog } from './push-log.ts';
import type { Registry } from './registry.ts';

/** The repositories: moto knows which there are, the registry what is in them. */
export interface Repositories {
  /**
   * The repository of a name, as moto describes it. Images of an older one of the same name, which moto has deleted
   * since (a stack's deletion doesn't pass here), are gone from the registry afterwards.
   *
   * @throws ApiError RepositoryNotFoundException
   */
  open(name: string): Promise<JsonObject>;
}

interface Opened {
  createdAt: string;
  emptied: Promise<void>;
}

/** The repositories of a moto and a registry. */
export function createRepositories(moto: Moto, registry: Registry, pushes: PushLog): Repositories {
  const opened = new Map<string, Opened>();
  return {
    async open(name) {
      const answer = await moto.json('ecr', 'DescribeRepositories', { repositoryNames: [name] });
      const description = objectsAt(answer, 'repositories')[0] ?? {};
      const createdAt = String(description['createdAt']);
      let known = opened.get(name);
      if (known?.createdAt !== createdAt) {
        known = { createdAt, emptied: empty(registry, pushes, name) };
        opened.set(name, known);
      }
      await known.emptied;
      return description;
    },
  };
}

/** Takes everything out of the registry that is there before the repository's first use. */
async function empty(registry: Registry, pushes: PushLog, repository: string): Promise<void> {
  for (const reference of [...(await registry.tags(repository)), ...pushes.digests(repository)]) {
    const manifest = await registry.manifest(repository, reference);
    if (manifest !== undefined) {
      await registry.deleteManifest(repository, manifest.digest);
    }
  }
  for (const digest of pushes.digests(repository)) {
    pushes.forget(repository, digest);
  }
}

/**
 * Checks a DeleteRepository request.
 *
 * @throws ApiError RepositoryNotEmptyException if there are images, and nobody said that they may go too
 */
export async function validateDeletion(
  repositories: Repositories,
  registry: Registry,
  accountId: string,
  request: JsonObject,
): Promise<void> {
  const name = stringAt(request, 'repositoryName') ?? '';
  await repositories.open(name);
  if (request['force'] !== true && (await registry.tags(name)).length > 0) {
    throw new ApiError(
      'RepositoryNotEmptyException',
      `The repository with name '${name}' in registry with id '${accountId}' cannot be deleted because it still contains images`,
    );
  }
}

/** Tells whether a repository lets nobody move a tag, its exclusions considered. */
export function isImmutableTag(repository: JsonObject, tag: string): boolean {
  const mutability = stringAt(repository, 'imageTagMutability') ?? 'MUTABLE';
  const excluded = objectsAt(repository, 'imageTagMutabilityExclusionFilters').some((filter) =>
    matchesWildcard(stringAt(filter, 'filter') ?? '', tag),
  );
  return mutability.startsWith('IMMUTABLE') !== (mutability.endsWith('_WITH_EXCLUSION') && excluded);
}

function matchesWildcard(pattern: string, text: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[.\\+^$?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`).test(text);
}
