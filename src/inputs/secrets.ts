import type { Secret, SecretReference, Variable } from '../inputs.ts';
import { accept, type Checked, type InputProblem, quote, refuse } from './checked.ts';
import { parseVariables } from './variables.ts';

export const secretsForm = {
  allowed:
    'one NAME=REFERENCE a line; REFERENCE the name of a Parameter Store parameter (starting with /, but not with /aws or /ssm; at most 15 levels; letters, digits and . _ -) or the ARN of a Secrets Manager secret, with :JSON-KEY:VERSION-STAGE:VERSION-ID after it to choose a part or version',
  example: 'DATABASE_URL=/my-app/database-url',
};

/** Reads secrets, one `NAME=REFERENCE` a line. */
export function parseSecrets(input: string, text: string): Checked<Secret[]> {
  const variables = parseVariables(input, text);
  if (!variables.ok) return refuse(...variables.problems.map((problem) => ({ ...problem, ...secretsForm })));
  const secrets: Secret[] = [];
  const problems: InputProblem[] = [];
  for (const variable of variables.value) {
    const reference = parseReference(variable.value.trim());
    if (reference === undefined) problems.push({ input, finding: refusal(variable), ...secretsForm });
    else secrets.push({ name: variable.name, reference });
  }
  return problems.length > 0 ? refuse(...problems) : accept(secrets);
}

/** @returns undefined for a text that is neither a parameter's name nor a secret's ARN */
export function parseReference(text: string): SecretReference | undefined {
  return text.startsWith('arn:') ? parseSecretArn(text) : parseParameterName(text);
}

/** What does not look like a reference may be the secret itself, written there by mistake: it is not shown. */
function refusal({ name, value }: Variable): string {
  const reference = value.trim();
  if (reference === '') return `the reference of ${name} is empty`;
  const looksLikeOne = /^(?:\/|arn:)/.test(reference);
  const shown = looksLikeOne ? quote(reference) : 'not shown, since it may be the secret itself';
  return `the reference of ${name} (${shown}) is neither a parameter's name nor a secret's ARN`;
}

/**
 * The slash is ours to ask for: without it every simple password would be a name, and travel to the host as one.
 * Source: Systems Manager, PutParameter, Name; 1011 characters are what a user can choose of it.
 */
function parseParameterName(name: string): SecretReference | undefined {
  const levels = name.split('/').slice(1);
  const wellFormed = name.length <= 1011 && /^(?:\/[\w.-]+)+$/.test(name);
  const reserved = /^\/(?:aws|ssm)(?:\/|$)/i.test(name);
  return wellFormed && !reserved && levels.length <= 15 ? { kind: 'parameter', name } : undefined;
}

const secretArn =
  /^(?<arn>arn:aws(?:-[a-z]+)*:secretsmanager:[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}:\d{12}:secret:[\w/+=.@-]{1,512})(?::(?<jsonKey>[^:\p{Cc}]*):(?<versionStage>[^:\s]*):(?<versionId>[\w-]*))?$/u;

/** Source: Amazon ECS, "Pass Secrets Manager secrets through environment variables". */
function parseSecretArn(text: string): SecretReference | undefined {
  const { arn, jsonKey = '', versionStage = '', versionId = '' } = secretArn.exec(text)?.groups ?? {};
  return arn === undefined ? undefined : { kind: 'secret', arn, jsonKey, versionStage, versionId };
}
