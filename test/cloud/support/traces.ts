// Looking for a planted value in everything that a deploy leaves behind.
import {
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import type { ActionResult } from '../../../testbed/runner/run.ts';
import { access, type TestHost } from './cloud.ts';

const ssm = new SSMClient(clientSettings(access));

/** The value as it stands in a text, and as it stands in base64 at each of the three places where it can begin. */
function formsOf(value: string): string[] {
  return [value, ...[0, 1, 2].map((offset) => withinBase64(value, offset))];
}

/** Without the characters at both ends, which hold bits of what is beside the value. */
function withinBase64(value: string, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    .toString('base64')
    .replaceAll('=', '');
  return encoded.slice(Math.ceil((offset * 4) / 3), -1);
}

/** Names of those texts that have the value in them, in any form. */
export function tracesIn(texts: Record<string, string>, value: string): string[] {
  return Object.entries(texts)
    .filter(([, text]) => formsOf(value).some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** The same for files on the host: paths of those that have it, below the folders that exist. */
export async function tracesOnHost(host: TestHost, folders: string[], value: string): Promise<string[]> {
  const patterns = formsOf(value)
    .map((form) => `-e '${form}'`)
    .join(' ');
  const found = await host.shell(`grep -rlaF ${patterns} ${folders.join(' ')} 2>/dev/null || true`);
  return found.split('\n').filter((path) => path !== '');
}

/** How often a stream that a shell line on the host prints has the value in it. */
export async function countInStream(host: TestHost, line: string, value: string): Promise<number> {
  const patterns = formsOf(value)
    .map((form) => `-e '${form}'`)
    .join(' ');
  return Number(await host.shell(`set -o pipefail; ${line} | { grep -caF ${patterns} || true; }`));
}

/** All that a job shows and keeps, before GitHub masks anything. */
export function textsOfJob(result: ActionResult): Record<string, string> {
  const { main, post, log, summary, annotations } = result;
  return {
    log,
    summary,
    annotations: JSON.stringify(annotations),
    'output of main': main.rawOutput,
    'output of post': post?.rawOutput ?? '',
    'files of main': JSON.stringify(main.files),
    'files of post': JSON.stringify(post?.files),
  };
}

/** All that Systems Manager tells of the commands for an app that ran on a host: what they were given, and what they printed. */
export async function textsOfCommands(
  { instanceId }: TestHost,
  app: string,
): Promise<Record<string, string>> {
  const [allCommands, allInvocations] = await Promise.all([
    allPages(async (NextToken) => {
      const page = await ssm.send(new ListCommandsCommand({ InstanceId: instanceId, NextToken }));
      return { items: page.Commands ?? [], next: page.NextToken };
    }),
    allPages(async (NextToken) => {
      const page = await ssm.send(
        new ListCommandInvocationsCommand({ InstanceId: instanceId, Details: true, NextToken }),
      );
      return { items: page.CommandInvocations ?? [], next: page.NextToken };
    }),
  ]);
  const isOfApp = ({ Comment = '' }) => Comment.split(' ').includes(app);
  const commands = allCommands.filter(isOfApp);
  const invocations = allInvocations.filter(isOfApp);
  const results = await Promise.all(
    commands.map(({ CommandId }) =>
      ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: instanceId })),
    ),
  );
  return Object.fromEntries(
    [...commands, ...invocations, ...results].map((answer, index) => [
      `${index} ${answer.CommandId} ${answer.Comment}`,
      JSON.stringify(answer),
    ]),
  );
}

async function allPages<T>(
  read: (token: string | undefined) => Promise<{ items: T[]; next: string | undefined }>,
): Promise<T[]> {
  const { items, next } = await read(undefined);
  const all = [...items];
  for (let token = next; token !== undefined && token !== ''; ) {
    const page = await read(token);
    all.push(...page.items);
    token = page.next;
  }
  return all;
}
