import { ApiError } from './api-error.ts';
import { type JsonObject, parseJsonObject, stringAt } from './json.ts';

const TARGETS: Record<string, string> = {
  ssm: 'AmazonSSM',
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
};
/** Services of the query protocol. */
export type QueryService = 'ec2' | 'sts' | 'autoscaling' | 'elbv2';

const VERSIONS: Record<QueryService, string> = {
  ec2: '2016-11-15',
  sts: '2011-06-15',
  autoscaling: '2011-01-01',
  elbv2: '2015-12-01',
};
const SIGNING_NAMES: Partial<Record<QueryService, string>> = { elbv2: 'elasticloadbalancing' };

/** What the front server asks moto for itself. */
export interface Moto {
  readonly url: string;
  /** Calls an operation of a JSON service and returns its result; throws ApiError with the error moto answers. */
  json(service: 'ssm' | 'ecr', operation: string, parameters: JsonObject): Promise<JsonObject>;
  /** Calls an operation of a query service as the holder of a key and returns the answer's XML; throws ApiError. */
  query(service: QueryService, parameters: Record<string, string>, accessKeyId?: string): Promise<string>;
}

/** A client for the moto server at a URL. moto looks at a signature's scope only, so nothing is really signed. */
export function motoAt(url: string, region: string): Moto {
  const authorization = (service: string, accessKeyId = 'FRONTSERVER'): string =>
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return {
    url,
    async json(service, operation, parameters) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: authorization(service),
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${TARGETS[service]}.${operation}`,
        },
        body: JSON.stringify(parameters),
      });
      const text = await answer.text();
      if (!answer.ok) {
        throw jsonError(text, answer.status);
      }
      return parseJsonObject(text);
    },
    async query(service, parameters, accessKeyId) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization: authorization(SIGNING_NAMES[service] ?? service, accessKeyId) },
        body: new URLSearchParams({ Version: VERSIONS[service], ...parameters }),
      });
      const text = await answer.text();
      if (!answer.ok) {
        throw new ApiError(
          element(text, 'Code') ?? 'InternalError',
          element(text, 'Message') ?? text,
          answer.status,
        );
      }
      return text;
    },
  };
}

/** The ids of the instances that EC2 has for the filters, terminated ones left out. */
export async function findInstanceIds(
  moto: Moto,
  filters: [name: string, values: string[]][],
): Promise<string[]> {
  const living: [string, string[]] = ['instance-state-name', ['pending', 'running', 'stopping', 'stopped']];
  const parameters: Record<string, string> = { Action: 'DescribeInstances' };
  for (const [index, [name, values]] of [living, ...filters].entries()) {
    parameters[`Filter.${index + 1}.Name`] = name;
    for (const [position, value] of values.entries()) {
      parameters[`Filter.${index + 1}.Value.${position + 1}`] = value;
    }
  }
  const xml = await moto.query('ec2', parameters);
  const ids = [...xml.matchAll(/<instanceId>(i-\w+)<\/instanceId>/g)].map((match) => match[1] ?? '');
  return [...new Set(ids)];
}

/** The text of the first element of a name in XML, or undefined. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

function jsonError(text: string, status: number): ApiError {
  try {
    const body = parseJsonObject(text);
    const code = (stringAt(body, '__type') ?? 'InternalFailure').replace(/^.*#/, '');
    return new ApiError(code, stringAt(body, 'message') ?? stringAt(body, 'Message') ?? '', status);
  } catch {
    return new ApiError('InternalFailure', text.slice(0, 300), status);
  }
}
