import { ApiError, validationError } from '../api-error.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
  stringsAt,
} from '../json.ts';
import type { Moto } from '../moto.ts';
import { RUN_SHELL_SCRIPT, RUN_SHELL_SCRIPT_NAME } from './run-shell-script.ts';

/** A document's parameter: its type, and what it allows. */
export interface ParameterDeclaration {
  type: 'String' | 'StringList';
  defaultValue: string | string[] | undefined;
  allowedPattern: string | undefined;
  allowedValues: string[];
  minItems: number | undefined;
  maxItems: number | undefined;
  minChars: number | undefined;
  maxChars: number | undefined;
  /** Handed to the script as an environment variable SSM_NAME. */
  inEnvironment: boolean;
}

/** One step, its inputs as the document writes them, parameters not yet put in. */
export interface DocumentStep {
  name: string;
  /** Below the command's orchestration folder. */
  folder: string;
  inputs: JsonObject;
  /** Of its precondition, when there is one. */
  platformType: string | undefined;
}

/** A Command document that runs shell scripts. */
export interface CommandDocument {
  name: string;
  version: string;
  parameters: Map<string, ParameterDeclaration>;
  steps: DocumentStep[];
}

export type ParameterValues = Map<string, string | string[]>;

const NAME_PATTERN = /^[a-zA-Z0-9_\-.:/]{3,128}$/;

/**
 * Finds the document that a command names: the built-in AWS-RunShellScript, or one that moto keeps.
 *
 * @throws ApiError ValidationException for a malformed name, InvalidDocument for one that doesn't exist or can't be run
 */
export async function findDocument(
  moto: Moto,
  nameOrArn: string,
  version = '$DEFAULT',
): Promise<CommandDocument> {
  if (!NAME_PATTERN.test(nameOrArn)) {
    throw validationError(
      `1 validation error detected: Value '${nameOrArn}' at 'documentName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.:/]{3,128}$`,
    );
  }
  const name = nameOrArn.replace(/^arn:[^/]*:document\//, '');
  if (name === RUN_SHELL_SCRIPT_NAME) {
    return parseDocument(name, '1', RUN_SHELL_SCRIPT);
  }
  const wanted = version === '$DEFAULT' ? {} : { DocumentVersion: version };
  const stored = await moto.json('ssm', 'GetDocument', { Name: name, DocumentFormat: 'JSON', ...wanted });
  const content = parseJsonObject(stringAt(stored, 'Content') ?? '');
  return parseDocument(name, stringAt(stored, 'DocumentVersion') ?? '1', content);
}

/**
 * Reads a document's content, of schema 1.2 (runtimeConfig) or 2.x (mainSteps).
 *
 * @throws ApiError InvalidDocument if a step is anything but aws:runShellScript
 */
export function parseDocument(name: string, version: string, content: JsonObject): CommandDocument {
  const parameters = new Map<string, ParameterDeclaration>();
  for (const [parameter, declaration] of Object.entries(objectAt(content, 'parameters'))) {
    if (isJsonObject(declaration)) {
      parameters.set(parameter, parseParameter(declaration));
    }
  }
  const steps = content['mainSteps'] === undefined ? runtimeSteps(content) : mainSteps(content);
  return { name, version, parameters, steps };
}

function parseParameter(declaration: JsonObject): ParameterDeclaration {
  const value = declaration['default'];
  return {
    type: declaration['type'] === 'StringList' ? 'StringList' : 'String',
    defaultValue: value === undefined ? undefined : Array.isArray(value) ? value.map(String) : String(value),
    allowedPattern: stringAt(declaration, 'allowedPattern'),
    allowedValues: stringsAt(declaration, 'allowedValues'),
    minItems: limitAt(declaration, 'minItems'),
    maxItems: limitAt(declaration, 'maxItems'),
    minChars: limitAt(declaration, 'minChars'),
    maxChars: limitAt(declaration, 'maxChars'),
    inEnvironment: declaration['interpolationType'] === 'ENV_VAR',
  };
}

/** A limit, which documents write as a number or as text. */
function limitAt(declaration: JsonObject, key: string): number | undefined {
  const value = declaration[key];
  return value === undefined ? undefined : Number(value);
}

function mainSteps(content: JsonObject): DocumentStep[] {
  return objectsAt(content, 'mainSteps').map((step) => {
    requireShellScript(stringAt(step, 'action') ?? '');
    const name = stringAt(step, 'name') ?? '';
    return { name, folder: name, inputs: objectAt(step, 'inputs'), platformType: platformOf(step) };
  });
}

/** The platform of `StringEquals: [platformType, Linux]`, written in either order. */
function platformOf(step: JsonObject): string | undefined {
  const operands = stringsAt(objectAt(step, 'precondition'), 'StringEquals');
  return operands.includes('platformType') ? operands.find((one) => one !== 'platformType') : undefined;
}

function runtimeSteps(content: JsonObject): DocumentStep[] {
  return Object.entries(objectAt(content, 'runtimeConfig')).flatMap(([name, plugin]) => {
    requireShellScript(name);
    const folder = name.replaceAll(':', '');
    const properties = isJsonObject(plugin) ? objectsAt(plugin, 'properties') : [];
    return properties.map((inputs, index) => ({
      name,
      folder: `${folder}/${index}.${folder}`,
      inputs,
      platformType: undefined,
    }));
  });
}

function requireShellScript(action: string): void {
  if (action !== 'aws:runShellScript') {
    throw new ApiError(
      'InvalidDocument',
      `The hosts of the local cloud run aws:runShellScript only, not ${action}.`,
    );
  }
}

/**
 * Checks the parameters of a command against its document, as the API does, and adds the defaults.
 *
 * @throws ApiError InvalidParameters
 */
export function validateParameters(document: CommandDocument, given: JsonObject): ParameterValues {
  const unknown = Object.keys(given).filter((name) => !document.parameters.has(name));
  if (unknown.length > 0) {
    throw new ApiError(
      'InvalidParameters',
      `Invalid parameters: [${unknown.join(', ')}] are not declared in the document.`,
    );
  }
  const values: ParameterValues = new Map();
  for (const [name, declaration] of document.parameters) {
    values.set(name, parameterValue(name, declaration, given[name]));
  }
  return values;
}

function parameterValue(
  name: string,
  declaration: ParameterDeclaration,
  given: JsonValue | undefined,
): string | string[] {
  if (given === undefined) {
    if (declaration.defaultValue === undefined) {
      throw new ApiError('InvalidParameters', `Parameters [${name}] are required and have no value.`);
    }
    return declaration.defaultValue;
  }
  const items = (Array.isArray(given) ? given : [given]).map(String);
  for (const item of items) {
    requireAllowed(name, declaration, item);
  }
  if (declaration.type === 'StringList') {
    requireWithin(name, 'items', items.length, declaration.minItems, declaration.maxItems);
    return items;
  }
  if (items.length !== 1) {
    throw new ApiError(
      'InvalidParameters',
      `Parameter ${name} is a String: it takes one value, not ${items.length}.`,
    );
  }
  return items[0] ?? '';
}

function requireAllowed(name: string, declaration: ParameterDeclaration, item: string): void {
  const { allowedPattern, allowedValues, minChars, maxChars } = declaration;
  requireWithin(name, 'characters', item.length, minChars, maxChars);
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(item)) {
    throw new ApiError(
      'InvalidParameters',
      `Parameter value for ${name} does not match the allowed pattern: ${allowedPattern}`,
    );
  }
  if (allowedValues.length > 0 && !allowedValues.includes(item)) {
    throw new ApiError(
      'InvalidParameters',
      `Parameter value for ${name} is not in the allowed values: ${allowedValues}`,
    );
  }
}

function requireWithin(
  name: string,
  what: string,
  count: number,
  least: number | undefined,
  most: number | undefined,
): void {
  if (count < (least ?? 0) || count > (most ?? Number.POSITIVE_INFINITY)) {
    throw new ApiError(
      'InvalidParameters',
      `Parameter ${name} has ${count} ${what}; it takes ${least ?? 0} to ${most ?? 'any number'}.`,
    );
  }
}
