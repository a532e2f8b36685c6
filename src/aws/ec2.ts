import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import type { Variable } from '../inputs.ts';
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
    return this.#find({ InstanceIds: instanceIds }, instanceIds.join(', ')).catch((error: unknown) => {
      if (isNamed(error, 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed')) {
        throw new Problem(
          `There is no instance ${instanceIds.join(', ')} in ${this.#region}. Check the id and the input region.`,
          { cause: error },
        );
      }
      throw error;
    });
  }

  /** The instances that run, or soon will, and have all these tags; in the order of their ids. */
  async withTags(tags: Variable[]): Promise<Host[]> {
    const filters = tags.map(({ name, value }) => ({ Name: `tag:${name}`, Values: [value] }));
    const alive = { Name: 'instance-state-name', Values: ['pending', 'running'] };
    const hosts = await this.#find({ Filters: [...filters, alive] }, 'instances with the tags of the hosts');
    return hosts.sort((one, other) => one.instanceId.localeCompare(other.instanceId));
  }

  async #find(which: DescribeInstancesCommandInput, subject: string): Promise<Host[]> {
    const hosts: Host[] = [];
    let NextToken: string | undefined;
    do {
      const page = await call('ec2:DescribeInstances', subject, () =>
        this.#client.send(new DescribeInstancesCommand({ ...which, ...(NextToken && { NextToken }) })),
      );
      const found = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
      hosts.push(...found.map(toHost));
      NextToken = page.NextToken;
    } while (NextToken);
    return hosts;
  }
}

function toHost(instance: Instance): Host {
  return {
    instanceId: instance.InstanceId ?? '',
    state: instance.State?.Name ?? '',
    architecture: instance.Architecture === 'arm64' ? 'arm64' : 'amd64',
    publicAddress: instance.PublicIpAddress ?? '',
  };
}
