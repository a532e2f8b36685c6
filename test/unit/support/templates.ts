// The templates of infra-template/ as tests read them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplate, type Template } from '../../../scripts/cloudformation.ts';

export const FOLDER = 'infra-template';

/** The files of all templates. */
export const templateFiles = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

export function textOf(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

const read = new Map<string, Template>();

/** A template; each is parsed once. */
export function templateOf(file: string): Template {
  const template = read.get(file) ?? readTemplate(join(FOLDER, file));
  read.set(file, template);
  return template;
}

/** The resources of a type, with their names. */
export function resourcesOf(template: Template, type: string): [string, Record<string, unknown>][] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([name, { Properties = {} }]) => [name, Properties]);
}

/** Every object in the tree that has the given key, however deep. */
export function objectsWith(key: string, tree: unknown): Record<string, unknown>[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const below = Object.values(tree).flatMap((value) => objectsWith(key, value));
  return key in tree ? [tree as Record<string, unknown>, ...below] : below;
}

export function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
