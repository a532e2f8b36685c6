import { ApiError, validationError } from '../api-error.ts';
import { type JsonObject, stringAt } from '../json.ts';

const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
const MOST_LEVELS = 15;
const NAME = /^[a-zA-Z0-9_.\-/]{1,2048}$/;

/**
 * Checks a PutParameter request against the rules that moto leaves out: names, sizes, and braces.
 *
 * @throws ApiError ValidationException
 */
export function validatePutParameter(request: JsonObject): void {
  validateName(stringAt(request, 'Name') ?? '');
  const value = stringAt(request, 'Value') ?? '';
  if (/\{\{.*\}\}/s.test(value)) {
    throw validationError("Parameter value can't contain {{...}}: parameter nesting is not supported.");
  }
  validateSize(Buffer.byteLength(value), stringAt(request, 'Tier') ?? 'Standard');
}

function validateName(name: string): void {
  if (!NAME.test(name)) {
    throw validationError(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw validationError(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol.',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw validationError('Parameter name must be a fully qualified name.');
  }
  if (name.split('/').length - 1 > MOST_LEVELS) {
    throw new ApiError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${MOST_LEVELS} levels.`,
    );
  }
}

function validateSize(bytes: number, tier: string): void {
  if (tier === 'Standard' && bytes > STANDARD_BYTES) {
    throw validationError(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
  if (bytes > ADVANCED_BYTES) {
    throw validationError(
      `Advanced tier parameters support a maximum parameter value of ${ADVANCED_BYTES} characters.`,
    );
  }
}
