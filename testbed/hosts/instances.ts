/** An EC2 instance as moto knows it. */
export interface Instance {
  instanceId: string;
  state: string;
  privateAddress: string;
  /** Empty if the instance has none. */
  publicAddress: string;
}

/** Reads instances from moto. */
export interface InstanceSource {
  /** All instances, also terminated ones. */
  list(): Promise<Instance[]>;
  /** The instance's user data, decoded; empty if it has none. */
  userData(instanceId: string): Promise<Buffer>;
}

/**
 * A source that asks a moto server in EC2's query protocol.
 *
 * @param url such as http://127.0.0.1:5555
 * @param region the region whose instances are read
 */
export function motoInstances(url: string, region: string): InstanceSource {
  const query = async (parameters: Record<string, string>): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST',
      // moto reads region and service from the signature's scope and does not check the signature.
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=RECONCILER/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Version: '2016-11-15', ...parameters }),
    });
    const body = await response.text();
    if (!response.ok) {
      throw new Error(`moto answered ${parameters['Action']} with ${response.status}: ${body.slice(0, 300)}`);
    }
    return body;
  };
  return {
    list: async () => readInstances(await query({ Action: 'DescribeInstances' })),
    userData: async (instanceId) =>
      readUserData(
        await query({ Action: 'DescribeInstanceAttribute', Attribute: 'userData', InstanceId: instanceId }),
      ),
  };
}

/** So old may be what is known of the instances while nobody has changed any: moto answers with all that there ever were. */
const KNOWN_MILLISECONDS = 5000;

/** A source that asks another one only when something may have changed. */
export class WatchedInstances implements InstanceSource {
  readonly #source: InstanceSource;
  #instances: Instance[] = [];
  #readAgainAt = 0;

  constructor(source: InstanceSource) {
    this.#source = source;
  }

  /** Something may have changed: the next list is read anew. */
  changed(): void {
    this.#readAgainAt = 0;
  }

  async list(): Promise<Instance[]> {
    if (Date.now() >= this.#readAgainAt) {
      // Before it is read: what changes meanwhile may not be in it.
      this.#readAgainAt = Date.now() + KNOWN_MILLISECONDS;
      this.#instances = await this.#source.list().catch((error: unknown) => {
        this.changed();
        throw error;
      });
    }
    return this.#instances;
  }

  userData(instanceId: string): Promise<Buffer> {
    return this.#source.userData(instanceId);
  }
}

/** The instances in the XML of a DescribeInstances answer. */
export function readInstances(xml: string): Instance[] {
  // Only an instance's own item has instanceState, and the instance's own addresses come after its id.
  return xml
    .split('<instancesSet>')
    .slice(1)
    .flatMap((set) => set.split('<instanceId>').slice(1).map(readInstance));
}

function readInstance(fromItsId: string): Instance {
  return {
    instanceId: fromItsId.slice(0, fromItsId.indexOf('<')),
    state: /<instanceState>.*?<name>([^<]*)<\/name>/s.exec(fromItsId)?.[1] ?? 'unknown',
    privateAddress: textOf(fromItsId, 'privateIpAddress'),
    publicAddress: textOf(fromItsId, 'ipAddress'),
  };
}

function readUserData(xml: string): Buffer {
  const encoded = /<userData>.*?<value>([^<]*)<\/value>/s.exec(xml)?.[1] ?? '';
  return Buffer.from(encoded, 'base64');
}

function textOf(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? '';
}
