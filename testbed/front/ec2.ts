import type { HostDirectory } from '../hosts/directory.ts';
import type { Handler } from './handler.ts';
import type { JsonObject } from './json.ts';

/**
 * What has to happen before moto answers an operation of EC2. In moto an instance has stopped at once and could start
 * again before anything saw it; EC2 starts one only when it has stopped, so here a start waits for the host to be down.
 */
export function ec2Handlers(directory: HostDirectory): Record<string, Handler> {
  return {
    StartInstances: async (request) => {
      await directory.settled(instanceIdsOf(request));
      return undefined;
    },
  };
}

/** The ids in a request of EC2's query protocol: InstanceId.1, InstanceId.2 and so on. */
function instanceIdsOf(request: JsonObject): string[] {
  return Object.entries(request).flatMap(([name, value]) =>
    name.startsWith('InstanceId.') ? [String(value)] : [],
  );
}
