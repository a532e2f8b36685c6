/** Label of everything that belongs to a cloud; its value is the cloud's name. */
export const CLOUD_LABEL = 'ec2-deploy-cloud';
/** Label of a host's container and volume; its value is the instance id. */
export const INSTANCE_LABEL = 'ec2-deploy-cloud.instance';
/** The cloud that is meant when no name is given. */
export const DEFAULT_CLOUD = 'ec2-deploy-cloud';
/** Name of the control plane in every cloud's network, whatever the cloud's own name is. */
export const CONTROL_ALIAS = 'ec2-deploy-cloud-control';
/** Name of the registry in every cloud's network. */
export const REGISTRY_ALIAS = 'ec2-deploy-cloud-registry';
/** The images that scripts/setup.sh makes. */
export const CONTROL_IMAGE = 'ec2-deploy-cloud-control';
export const HOST_IMAGE = 'ec2-deploy-cloud-host';

/** The image of the hosts' proxies, which load balancers are made of, too. */
export const CADDY_IMAGE = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';

/** Where a cloud's control plane and its hosts have the folder in which the agents on the hosts listen. */
export const AGENTS_FOLDER = '/opt/host/agents';

/** Port of the emulated AWS inside the control container. */
export const FRONT_PORT = 4566;
/** Port of the plain registry inside its container. */
export const REGISTRY_INTERNAL_PORT = 5001;

/** Name of a container of a cloud: of its control plane, its registry or the host of an instance. */
export function containerName(cloud: string, part: string): string {
  return `${cloud}-${part}`;
}

/** Name of a cloud's network. */
export function networkName(cloud: string): string {
  return `${cloud}-vpc`;
}

/** The option of docker run that mounts a cloud's folder of agents. */
export function agentsMount(cloud: string): string {
  return `--mount=type=volume,source=${cloud}-agents,target=${AGENTS_FOLDER},volume-label=${CLOUD_LABEL}=${cloud}`;
}

/** docker's filter for what belongs to a cloud. */
export function cloudFilter(cloud: string): string {
  return `label=${CLOUD_LABEL}=${cloud}`;
}
