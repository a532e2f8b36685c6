import type { Manifest } from './manifest.ts';

/** The inputs of a step after the runner has looked at them. */
export interface ResolvedInputs {
  /** Every input, given or by default, in the order in which the runner prints them. */
  values: Map<string, string>;
  /** What the runner warns about: unknown and deprecated inputs. */
  warnings: string[];
}

/**
 * Adds the defaults of action.yml to the inputs that a step gives, and warns as GitHub does.
 * @param given inputs as written under `with:`; names in any case
 * @param contexts values for `${{ … }}` in defaults, by expression, as `github.token`
 * Source: actions/runner ActionRunner.cs
 */
export function resolveInputs(
  manifest: Manifest,
  given: Record<string, string>,
  contexts: Record<string, string>,
): ResolvedInputs {
  const values = new Map(Object.entries(given));
  const givenNames = new Set(Object.keys(given).map(lower));
  for (const input of manifest.inputs) {
    if (!givenNames.has(lower(input.name))) {
      values.set(input.name, replaceExpressions(input.defaultValue, contexts));
    }
  }
  return {
    values,
    warnings: [...deprecationWarnings(manifest, givenNames), ...unknownWarnings(manifest, given)],
  };
}

/** The environment variables in which an action finds its inputs: `INPUT_` + upper case, spaces as `_`. */
export function inputVariables(values: Map<string, string>): Record<string, string> {
  const entries = [...values].map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  return Object.fromEntries(entries);
}

function deprecationWarnings(manifest: Manifest, givenNames: Set<string>): string[] {
  return manifest.inputs.flatMap(({ name, deprecationMessage }) =>
    deprecationMessage !== undefined && givenNames.has(lower(name))
      ? [`Input '${name}' has been deprecated with message: ${deprecationMessage}`]
      : [],
  );
}

function unknownWarnings(manifest: Manifest, given: Record<string, string>): string[] {
  const valid = manifest.inputs.map((input) => input.name);
  const validNames = new Set(valid.map(lower));
  const unknown = Object.keys(given).filter((name) => !validNames.has(lower(name)));
  if (unknown.length === 0) return [];
  return [`Unexpected input(s) '${unknown.join("', '")}', valid inputs are ['${valid.join("', '")}']`];
}

function replaceExpressions(value: string, contexts: Record<string, string>): string {
  return value.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const found = contexts[expression];
    if (found === undefined)
      throw new Error(`This runner cannot evaluate the default '\${{ ${expression} }}'.`);
    return found;
  });
}

function lower(name: string): string {
  return name.toLowerCase();
}
