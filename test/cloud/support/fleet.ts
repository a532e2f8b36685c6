// A fleet of infra-template/fleet.yaml behind the local cloud's load balancer, with a release live on all its hosts.
import { listBalancers } from '../../../testbed/cloud/client.ts';
import { waitUntil } from '../../../testbed/cloud/wait.ts';
import { access, appFolder, deployedRelease } from './cloud.ts';
import { aws } from './front.ts';
import { installHostDocument } from './host-document.ts';
import { terminateInstance } from './instances.ts';
import { createStackOf } from './stacks.ts';
import { deleteStackOf } from './templates.ts';

/** Hosts boot, are brought to the live release, and pass a check. */
const HEALTHY_SECONDS = 240;

export interface Fleet {
  /** `127.0.0.1:PORT`, the load balancer. */
  address: string;
  targetGroupArn: string;
  /** The hosts that pass the load balancer's checks. */
  healthy(): Promise<string[]>;
  /** Waits until so many do. */
  healthyHosts(count: number): Promise<string[]>;
  remove(): Promise<void>;
}

/** Makes a fleet of two hosts for an app, and deploys to it. */
export async function startFleet(app: string): Promise<Fleet> {
  const document = await installHostDocument(app);
  const { TargetGroupArn: targetGroupArn = '' } = await createStackOf('fleet.yaml', app, { AppName: app });
  const balancer = async () => {
    const found = (await listBalancers(access)).find((one) => one.targetGroupArn === targetGroupArn);
    if (found === undefined) throw new Error(`no load balancer has the target group ${targetGroupArn}`);
    return found;
  };
  const targets = async () => (await balancer()).targets;
  const healthy = async () =>
    (await targets()).filter(({ state }) => state === 'healthy').map(({ instanceId }) => instanceId);
  const healthyHosts = async (count: number) => {
    await waitUntil(
      `${count} healthy hosts`,
      HEALTHY_SECONDS,
      async () => (await healthy()).length === count,
    );
    return healthy();
  };
  await waitUntil('two hosts behind the load balancer', 300, async () => (await targets()).length === 2);
  await deployedRelease(
    { instanceId: '' },
    { 'app-name': app, 'stack-name': app, repository: '', context: appFolder },
  );
  await healthyHosts(2);
  return {
    address: (await balancer()).address,
    targetGroupArn,
    healthy,
    healthyHosts,
    async remove() {
      const left = await targets();
      await deleteStackOf(app);
      // moto leaves the instances of a deleted group running, and the target group with them in it.
      await Promise.all([document.remove(), ...left.map(({ instanceId }) => terminateInstance(instanceId))]);
      await aws('elbv2', 'delete-target-group', '--target-group-arn', targetGroupArn);
    },
  };
}
