import type { HostContainer } from './containers.ts';
import type { Instance } from './instances.ts';

/** One thing to do so that the containers become what the instances say. */
export type Step =
  | { kind: 'create'; instance: Instance }
  | { kind: 'start' | 'stop' | 'remove'; container: HostContainer };

/**
 * What to do about each instance and container; nothing for those that agree.
 *
 * @param crashed ids of instances whose containers are down by a fault: they stay down while EC2 says running
 * @param withheld whether instances that have no container have to wait for one
 */
export function planSteps(
  instances: Instance[],
  containers: HostContainer[],
  crashed: Set<string>,
  withheld: boolean,
): Step[] {
  const byInstance = new Map(containers.map((container) => [container.instanceId, container]));
  const states = new Map(instances.map((instance) => [instance.instanceId, instance.state]));
  const creations = instances
    .filter(({ instanceId, state }) => !withheld && state === 'running' && !byInstance.has(instanceId))
    .map((instance): Step => ({ kind: 'create', instance }));
  const changes = containers.flatMap((container) => {
    const kind = changeFor(container, states.get(container.instanceId), crashed.has(container.instanceId));
    return kind ? [{ kind, container }] : [];
  });
  return [...creations, ...changes];
}

function changeFor(
  container: HostContainer,
  state: string | undefined,
  crashed: boolean,
): 'start' | 'stop' | 'remove' | undefined {
  switch (state) {
    case undefined:
    case 'shutting-down':
    case 'terminated':
      return 'remove';
    case 'stopping':
    case 'stopped':
      return container.running ? 'stop' : undefined;
    case 'running':
      return container.running || crashed ? undefined : 'start';
    default:
      return undefined;
  }
}
