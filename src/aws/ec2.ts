import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { Problem } from '../problem.ts';
import { call, clientSettings, isNamed } from './call.ts';

/** An EC2 instance that runs the app. */
export interface Host {
  instanceId: string;
  /** `pending`, `running`, `stopped`… */
  state: string;
  architecture: 'amd64' | 'arm64';
  /** Name or address under which the internet reaches it; empty if it cannot. */
  publicAddress: string;
}

/** EC2: the only door to it. */
export class Instances {
  readonly #client: EC2Client;
  readonly #region: string;

  constructor(region: string) {
    this.#client = new EC2Client(clientSettings(region));
    this.#region = region;
  }

  /** @throws Problem if one of them does not exist */
  async describe(instanceIds: string[]): Promise<Host[]> {
    const { Reservations } = await call('ec2:DescribeInstances', instanceIds.join(', '), () =>
      this.#client.send(new DescribeInstancesCommand({ InstanceIds: instanceIds })),
    ).catch((error: unknown) => {
      if (isNamed(error, 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed')) {
        throw new Problem(
          `There is no instance ${instanceIds.join(', ')} in ${this.#region}. Check the id and the input region.`,
          { cause: error },
        );
      }
      throw error;
    });
    return (Reservations ?? []).flatMap(({ Instances: instances }) =>
      (instances ?? []).map((instance) => ({
        instanceId: instance.InstanceId ?? '',
        state: instance.State?.Name ?? '',
        architecture: instance.Architecture === 'arm64' ? ('arm64' as const) : ('amd64' as const),
        publicAddress: instance.PublicIpAddress ?? '',
      })),
    );
  }
}
