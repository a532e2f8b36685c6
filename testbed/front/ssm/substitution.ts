import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { CommandDocument, DocumentStep, ParameterValues } from './documents.ts';

/** One step with its parameters put in: what the agent runs. */
export interface StepPlan {
  name: string;
  folder: string;
  script: string;
  /** Absolute, or empty for the agent's own. */
  workingDirectory: string;
  timeoutSeconds: number;
  environment: Record<string, string>;
  /** The platform that the step is for, when it says so. */
  platformType: string | undefined;
  onFailure: 'exit' | 'successAndExit' | undefined;
  onSuccess: 'exit' | undefined;
  finallyStep: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;
const LEAST_TIMEOUT_SECONDS = 5;
const MOST_TIMEOUT_SECONDS = 172_800;

/** Puts a command's parameters into its document's steps, the way the agent does. */
export function planSteps(document: CommandDocument, values: ParameterValues): StepPlan[] {
  const environment: Record<string, string> = {};
  for (const [name, declaration] of document.parameters) {
    const value = values.get(name);
    if (declaration.inEnvironment && typeof value === 'string') {
      environment[`SSM_${name}`] = value;
    }
  }
  return document.steps.map((step) => planStep(step, values, environment));
}

function planStep(
  step: DocumentStep,
  values: ParameterValues,
  environment: Record<string, string>,
): StepPlan {
  const inputs = replaceParameters(step.inputs, values) as JsonObject;
  const directory = inputs['workingDirectory'];
  return {
    name: step.name,
    folder: step.folder,
    script: `${flatten(inputs['runCommand']).join('\n')}\n`,
    workingDirectory: typeof directory === 'string' && directory.startsWith('/') ? directory : '',
    timeoutSeconds: clampTimeout(inputs['timeoutSeconds']),
    environment,
    platformType: step.platformType,
    onFailure: oneOf(inputs['onFailure'], ['exit', 'successAndExit']),
    onSuccess: oneOf(inputs['onSuccess'], ['exit']),
    finallyStep: String(inputs['finallyStep']) === 'true',
  };
}

function oneOf<Word extends string>(value: JsonValue | undefined, words: Word[]): Word | undefined {
  return words.find((word) => word === value);
}

/**
 * Replaces `{{ name }}` throughout a value. A text that is nothing but one token becomes the parameter itself (so
 * that a list stays one); within a longer text, the parameter's text is pasted and every `$$` of it becomes `$`.
 */
export function replaceParameters(
  value: JsonValue | undefined,
  values: ParameterValues,
): JsonValue | undefined {
  if (typeof value === 'string') {
    const alone = /^\{\{\s*([a-zA-Z0-9]+)\s*\}\}$/.exec(value)?.[1];
    return (alone === undefined ? undefined : values.get(alone)) ?? pasteParameters(value, values);
  }
  if (Array.isArray(value)) {
    return value.map((item) => replaceParameters(item, values) ?? null);
  }
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replaceParameters(item, values)]),
    );
  }
  return value;
}

function pasteParameters(text: string, values: ParameterValues): string {
  return text.replace(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g, (token, name: string) => {
    const value = values.get(name);
    if (value === undefined) {
      return token;
    }
    return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('$$', '$');
  });
}

function flatten(commands: JsonValue | undefined): string[] {
  return Array.isArray(commands) ? commands.flatMap(flatten) : typeof commands === 'string' ? [commands] : [];
}

/** The agent takes a timeout that is no number, or out of its range, for the default. */
function clampTimeout(value: JsonValue | undefined): number {
  const seconds = Math.trunc(Number(value ?? Number.NaN));
  return seconds >= LEAST_TIMEOUT_SECONDS && seconds <= MOST_TIMEOUT_SECONDS
    ? seconds
    : DEFAULT_TIMEOUT_SECONDS;
}
