import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Problem } from '../problem.ts';
import { call, clientSettings, isNamed } from './call.ts';

/** CloudFormation: the only door to it. */
export class Stacks {
  readonly #client: CloudFormationClient;
  readonly #region: string;

  constructor(region: string) {
    this.#client = new CloudFormationClient(clientSettings(region));
    this.#region = region;
  }

  /**
   * The stack's outputs by name.
   * @throws Problem if there is no such stack
   */
  async outputs(stackName: string): Promise<Map<string, string>> {
    const { Stacks: stacks } = await call('cloudformation:DescribeStacks', stackName, () =>
      this.#client.send(new DescribeStacksCommand({ StackName: stackName })),
    ).catch((error: unknown) => {
      if (isNamed(error, 'ValidationError')) {
        throw new Problem(
          `There is no stack ${stackName} in ${this.#region}. Check the inputs stack-name and region, or deploy infra-template/ first.`,
          { cause: error },
        );
      }
      throw error;
    });
    return new Map(
      (stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
    );
  }
}
