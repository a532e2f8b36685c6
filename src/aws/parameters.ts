import {
  DeleteParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { chunksOf } from '../chunks.ts';
import { call, clientSettings, isNamed } from './call.ts';

export interface StoredParameter {
  value: string;
  version: number;
}

/** Parameter Store: the only door to the records that the action keeps. */
export class Parameters {
  readonly #client: SSMClient;

  constructor(region: string) {
    this.#client = new SSMClient(clientSettings(region));
  }

  /**
   * @param name with `:VERSION` for an older value
   * @returns undefined if there is none
   */
  async read(name: string): Promise<StoredParameter | undefined> {
    try {
      const { Parameter } = await call('ssm:GetParameter', name, () =>
        this.#client.send(new GetParameterCommand({ Name: name })),
      );
      return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
    } catch (error) {
      if (isNamed(error, 'ParameterNotFound')) return undefined;
      throw error;
    }
  }

  /** @returns false if there is one of that name already */
  async create(name: string, value: string): Promise<boolean> {
    try {
      await this.#put(name, value, false);
      return true;
    } catch (error) {
      if (isNamed(error, 'ParameterAlreadyExists')) return false;
      throw error;
    }
  }

  /** @returns the version that the value got */
  async write(name: string, value: string): Promise<number> {
    return this.#put(name, value, true);
  }

  /** Deletes them, ten a call as the API takes them; a name that is not there is passed over. */
  async remove(names: string[]): Promise<void> {
    for (const some of chunksOf(names, 10)) {
      await call('ssm:DeleteParameters', some.join(', '), () =>
        this.#client.send(new DeleteParametersCommand({ Names: some })),
      );
    }
  }

  async #put(name: string, value: string, overwrite: boolean): Promise<number> {
    const { Version } = await call('ssm:PutParameter', name, () =>
      this.#client.send(
        new PutParameterCommand({
          Name: name,
          Value: value,
          Type: 'String',
          Overwrite: overwrite,
          Tier: 'Intelligent-Tiering',
        }),
      ),
    );
    return Version ?? 0;
  }
}
