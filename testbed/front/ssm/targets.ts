import { ApiError } from '../api-error.ts';
import { type JsonObject, stringAt, stringsAt } from '../json.ts';
import { findInstanceIds, type Moto } from '../moto.ts';

/** The instances that all of the targets name, by their EC2 tags or ids. */
export function findTargets(moto: Moto, targets: JsonObject[]): Promise<string[]> {
  return findInstanceIds(moto, filtersOf(targets));
}

/** The ids of the instances that targets name by id. */
export function namedInstances(targets: JsonObject[]): string[] {
  return filtersOf(targets).flatMap(([name, values]) => (name === 'instance-id' ? values : []));
}

function filtersOf(targets: JsonObject[]): [name: string, values: string[]][] {
  return targets.map((target) => [filterName(stringAt(target, 'Key') ?? ''), stringsAt(target, 'Values')]);
}

function filterName(key: string): string {
  if (key.toLowerCase() === 'instanceids') {
    return 'instance-id';
  }
  if (key.startsWith('tag:') || key === 'tag-key') {
    return key;
  }
  throw new ApiError(
    'InvalidParameters',
    `Targets can't be chosen by "${key}"; use InstanceIds, tag:NAME or tag-key.`,
  );
}
