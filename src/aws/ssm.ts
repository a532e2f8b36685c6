import {
  CancelCommandCommand,
  type CommandPlugin,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type InstanceInformation,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { chunksOf } from '../chunks.ts';
import type { HostCommand } from '../host/protocol.ts';
import { Problem } from '../problem.ts';
import { call, clientSettings, isNamed } from './call.ts';

/** How one host stands with one command. */
export interface Invocation {
  instanceId: string;
  /** As the API writes it, without blanks: `InProgress`, `Success`, `DeliveryTimedOut`… */
  status: string;
  ended: boolean;
  /** What the script printed; undefined if it is longer than a list has room for. */
  output: string | undefined;
}

export interface CommandOptions {
  /** At most 100 characters, shown in AWS's console. */
  comment: string;
  /** Seconds that the script may take on the host. */
  executionTimeout: number;
}

/** Seconds within which the agent has to start the command; a dead agent must not hold up the job. */
const deliveryTimeout = 60;

/** SendCommand, DescribeInstanceInformation and ListCommandInvocations take and give no more at a time. */
export const hostsPerCall = 50;

const endedStatuses = ['Success', 'Cancelled', 'TimedOut', 'Failed'];

/** A command that was not sent, since at least one of its hosts would not get it. */
export class UnreachableHosts extends Problem {
  constructor(instanceIds: string[], cause: unknown) {
    super(
      `Systems Manager cannot reach ${instanceIds.join(', ')}: the instance is not running, or its agent is not connected. ` +
        'Check its state, its instance profile and its way to the internet.',
      { cause },
    );
  }
}

/** Systems Manager: the only door to Run Command. */
export class RunCommand {
  readonly #client: SSMClient;

  constructor(region: string) {
    this.#client = new SSMClient(clientSettings(region));
  }

  /** The agents' state by instance id: `Online`, `ConnectionLost`; absent for one that never registered. */
  async agents(instanceIds: string[]): Promise<Map<string, string>> {
    const answers = await Promise.all(
      chunksOf(instanceIds, hostsPerCall).map((some) => this.#agentsOf(some)),
    );
    return new Map(answers.flat().map((agent) => [agent.InstanceId ?? '', agent.PingStatus ?? '']));
  }

  async #agentsOf(instanceIds: string[]): Promise<InstanceInformation[]> {
    const answer = await call('ssm:DescribeInstanceInformation', instanceIds.join(', '), () =>
      this.#client.send(
        new DescribeInstanceInformationCommand({
          Filters: [{ Key: 'InstanceIds', Values: instanceIds }],
          MaxResults: hostsPerCall,
        }),
      ),
    ).catch((error: unknown) => {
      // An id that the service does not know yet can be an error instead of an empty list.
      if (isNamed(error, 'InvalidInstanceId')) return undefined;
      throw error;
    });
    return answer?.InstanceInformationList ?? [];
  }

  /**
   * Sends a command to up to fifty hosts.
   * @returns the command's id
   * @throws UnreachableHosts, with nothing sent, if one of them is not running or not connected
   */
  async send(instanceIds: string[], command: HostCommand, options: CommandOptions): Promise<string> {
    const { Command } = await call('ssm:SendCommand', instanceIds.join(', '), () =>
      this.#client.send(
        new SendCommandCommand({
          InstanceIds: instanceIds,
          DocumentName: command.document,
          Comment: options.comment.slice(0, 100),
          TimeoutSeconds: deliveryTimeout,
          Parameters: { ...command.parameters, executionTimeout: [String(options.executionTimeout)] },
        }),
      ),
    ).catch((error: unknown) => {
      if (isNamed(error, 'InvalidInstanceId')) throw new UnreachableHosts(instanceIds, error);
      if (isNamed(error, 'InvalidDocument')) throw missingDocument(command.document, error);
      throw error;
    });
    return Command?.CommandId ?? '';
  }

  /** How every host stands with the command; an empty list right after sending is normal. */
  async invocations(commandId: string): Promise<Invocation[]> {
    const { CommandInvocations } = await call('ssm:ListCommandInvocations', commandId, () =>
      this.#client.send(
        new ListCommandInvocationsCommand({ CommandId: commandId, MaxResults: hostsPerCall, Details: true }),
      ),
    );
    return (CommandInvocations ?? []).map(({ InstanceId, Status, StatusDetails, CommandPlugins }) => ({
      instanceId: InstanceId ?? '',
      status: (StatusDetails ?? Status ?? '').replaceAll(' ', ''),
      ended: endedStatuses.includes(Status ?? ''),
      output: shortOutput(CommandPlugins ?? []),
    }));
  }

  /** What the script printed on one host; the service keeps the first 24,000 characters. */
  async output(commandId: string, instanceId: string): Promise<string> {
    const { StandardOutputContent } = await call('ssm:GetCommandInvocation', commandId, () =>
      this.#client.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId })),
    );
    return StandardOutputContent ?? '';
  }

  /** Asks the agents to kill the script; there is no guarantee that they do. */
  async cancel(commandId: string): Promise<void> {
    await call('ssm:CancelCommand', commandId, () =>
      this.#client.send(new CancelCommandCommand({ CommandId: commandId })),
    );
  }
}

function missingDocument(document: string, cause: unknown): Problem {
  return new Problem(
    `There is no SSM document ${document}. Check the inputs ssm-document and region, or deploy infra-template/host-document.yaml first.`,
    { cause },
  );
}

/** A list has the first 2,500 characters of each output: one call then serves all hosts, instead of one for each. */
const longestListed = 2500;

function shortOutput(plugins: CommandPlugin[]): string | undefined {
  const output = plugins.map(({ Output }) => Output ?? '').join('');
  return output.length < longestListed ? output : undefined;
}
