// The AWS CLI as an independent client of the local cloud, and what the tests of its front server share.
import {
  type CommandInvocation,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { containerName, FRONT_PORT } from '../../../testbed/cloud/names.ts';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { AwsCli } from './aws-cli.ts';
import { access, testCloud } from './cloud.ts';

/** A client that shows an error at once instead of trying again. */
export const ssm = new SSMClient({ ...clientSettings(access), maxAttempts: 1 });

const TERMINAL = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

/** The parsed answer of an AWS CLI command; its shape is what the test expects of it. */
export type Answer = Record<string, unknown>;

/**
 * Runs the AWS CLI, which the control container has, against the cloud.
 *
 * @returns its answer, parsed; an empty object for operations that answer nothing
 * @throws Error with what the CLI printed on standard error
 */
export async function aws(...args: string[]): Promise<Answer> {
  const output = await awsText(...args, '--output', 'json');
  return output === '' ? {} : JSON.parse(output);
}

const variables = {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${FRONT_PORT}`,
  AWS_DEFAULT_REGION: access.AWS_REGION,
  AWS_ACCESS_KEY_ID: access.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: access.AWS_SECRET_ACCESS_KEY,
  AWS_MAX_ATTEMPTS: '1',
  AWS_PAGER: '',
};

let cli: AwsCli | undefined;

/** The same, for commands that print plain text. */
export function awsText(...args: string[]): Promise<string> {
  if (!cli || cli.ended) cli = new AwsCli(containerName(testCloud, 'control'), variables);
  return cli.run(args);
}

/** Sends a shell script to a host; returns the command's id. */
export async function sendScript(
  instanceId: string,
  commands: string[],
  more: Partial<SendCommandCommandInput> = {},
): Promise<string> {
  const { Command } = await ssm.send(
    new SendCommandCommand({
      InstanceIds: [instanceId],
      DocumentName: 'AWS-RunShellScript',
      ...more,
      Parameters: { commands, ...more.Parameters },
    }),
  );
  return Command?.CommandId ?? '';
}

/** Waits until an invocation has ended and returns what GetCommandInvocation says about it. */
export async function settled(
  commandId: string,
  instanceId: string,
  seconds = 300,
): Promise<GetCommandInvocationResult> {
  await statusOf(commandId, instanceId, TERMINAL, seconds);
  return ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
}

/** Waits until an invocation has one of the statuses. */
export async function statusOf(
  commandId: string,
  instanceId: string,
  statuses: string[],
  seconds = 300,
): Promise<void> {
  await waitUntil(`command ${commandId} to be ${statuses.join(' or ')}`, seconds, async () => {
    const [invocation] = await invocations(commandId, instanceId);
    return statuses.includes(invocation?.Status ?? '');
  });
}

/** What ListCommandInvocations says, with details. */
export async function invocations(commandId: string, instanceId?: string): Promise<CommandInvocation[]> {
  const { CommandInvocations = [] } = await ssm.send(
    new ListCommandInvocationsCommand({ CommandId: commandId, InstanceId: instanceId, Details: true }),
  );
  return CommandInvocations;
}

/** Runs a script to its end. */
export async function runScript(
  instanceId: string,
  commands: string[],
  more: Partial<SendCommandCommandInput> = {},
): Promise<GetCommandInvocationResult> {
  return settled(await sendScript(instanceId, commands, more), instanceId);
}
