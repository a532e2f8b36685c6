import type { Host, HostDirectory } from '../../hosts/directory.ts';
import { ApiError, validationError } from '../api-error.ts';
import { type JsonObject, numberAt, objectsAt, stringAt, stringsAt } from '../json.ts';
import { findInstanceIds, type Moto } from '../moto.ts';
import { page } from '../paging.ts';
import { seconds } from './views.ts';

const LEAST_RESULTS = 5;
const MOST_RESULTS = 50;

interface Filter {
  key: string;
  values: string[];
}

/**
 * Answers DescribeInstanceInformation: the hosts whose agent has registered.
 *
 * @throws ApiError for a filter that AWS doesn't know, or a page size out of 5 to 50
 */
export async function describeInstanceInformation(
  directory: HostDirectory,
  moto: Moto,
  region: string,
  request: JsonObject,
): Promise<JsonObject> {
  const maxResults = numberAt(request, 'MaxResults');
  if (maxResults !== undefined && (maxResults < LEAST_RESULTS || maxResults > MOST_RESULTS)) {
    const rule =
      maxResults < LEAST_RESULTS
        ? `greater than or equal to ${LEAST_RESULTS}`
        : `less than or equal to ${MOST_RESULTS}`;
    throw validationError(
      `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${rule}`,
    );
  }
  let hosts = directory.list().filter((host) => host.agent !== 'Absent');
  for (const filter of readFilters(request)) {
    hosts = await applyFilter(moto, hosts, filter);
  }
  const { items, token } = page(hosts, request, MOST_RESULTS);
  return { InstanceInformationList: items.map((host) => informationView(host, region)), ...token };
}

function readFilters(request: JsonObject): Filter[] {
  const current = objectsAt(request, 'Filters').map((filter) => ({
    key: stringAt(filter, 'Key') ?? '',
    values: stringsAt(filter, 'Values'),
  }));
  const older = objectsAt(request, 'InstanceInformationFilterList').map((filter) => ({
    key: stringAt(filter, 'key') ?? '',
    values: stringsAt(filter, 'valueSet'),
  }));
  return [...current, ...older];
}

const FIELDS: Record<string, (host: Host) => string> = {
  InstanceIds: (host) => host.instanceId,
  PingStatus: (host) => host.agent,
  PlatformTypes: () => 'Linux',
  ResourceType: () => 'EC2Instance',
};

async function applyFilter(moto: Moto, hosts: Host[], { key, values }: Filter): Promise<Host[]> {
  if (key.startsWith('tag:') || key === 'tag-key') {
    const ids = await findInstanceIds(moto, [[key, values]]);
    return hosts.filter((host) => ids.includes(host.instanceId));
  }
  const field = FIELDS[key];
  if (field === undefined) {
    throw new ApiError('InvalidInstanceInformationFilterValue', `The filter key ${key} is not valid.`);
  }
  return hosts.filter((host) => values.includes(field(host)));
}

function informationView(host: Host, region: string): JsonObject {
  return {
    InstanceId: host.instanceId,
    PingStatus: host.agent,
    LastPingDateTime: seconds(host.lastPing),
    AgentVersion: '3.3.4624.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    IPAddress: host.privateAddress,
    ComputerName: computerName(host, region),
    SourceId: host.instanceId,
    SourceType: 'AWS::EC2::Instance',
  };
}

/** The name that an instance gets from its private address. */
export function computerName(host: Host, region: string): string {
  return `ip-${host.privateAddress.replaceAll('.', '-')}.${region}.compute.internal`;
}
