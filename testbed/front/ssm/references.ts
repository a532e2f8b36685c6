import { ApiError } from '../api-error.ts';
import { objectsAt, stringAt, stringsAt } from '../json.ts';
import type { Moto } from '../moto.ts';

const REFERENCE = /\{\{ *ssm:([/\w.:-]+) *\}\}/g;
const NAMES_PER_CALL = 10;

/**
 * Replaces every `{{ssm:NAME}}` by the parameter's value, as the agent does to whatever it is about to run.
 *
 * @throws ApiError if a parameter doesn't exist, or is a SecureString, which the agent refuses
 */
export async function resolveReferences(moto: Moto, text: string): Promise<string> {
  const names = [...new Set([...text.matchAll(REFERENCE)].map((match) => match[1] ?? ''))];
  const values = new Map<string, string>();
  for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
    await readParameters(moto, names.slice(start, start + NAMES_PER_CALL), values);
  }
  return text.replace(REFERENCE, (_reference, name: string) => values.get(name) ?? '');
}

async function readParameters(moto: Moto, names: string[], values: Map<string, string>): Promise<void> {
  const answer = await moto.json('ssm', 'GetParameters', { Names: names });
  const invalid = stringsAt(answer, 'InvalidParameters');
  if (invalid.length > 0) {
    throw new ApiError('InvalidParameters', `Input contains invalid parameters [${invalid.join(' ')}]`);
  }
  for (const parameter of objectsAt(answer, 'Parameters')) {
    const name = stringAt(parameter, 'Name') ?? '';
    if (parameter['Type'] === 'SecureString') {
      throw new ApiError('InvalidParameters', `Parameters [${name}] of type SecureString are not supported`);
    }
    const value = stringAt(parameter, 'Value') ?? '';
    values.set(name, value);
    values.set(`${name}${stringAt(parameter, 'Selector') ?? ''}`, value);
  }
}
