import { type JsonObject, objectsAt, stringAt } from '../json.ts';
import type { Moto } from '../moto.ts';

/**
 * The repository of a name, as moto describes it.
 *
 * @throws ApiError RepositoryNotFoundException
 */
export async function findRepository(moto: Moto, name: string): Promise<JsonObject> {
  const answer = await moto.json('ecr', 'DescribeRepositories', { repositoryNames: [name] });
  return objectsAt(answer, 'repositories')[0] ?? {};
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
