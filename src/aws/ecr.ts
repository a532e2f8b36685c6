import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { Problem } from '../problem.ts';
import { call, clientSettings, isNamed } from './call.ts';

export interface RegistryLogin {
  /** Host, and port if there is one, as image names start with it. */
  registry: string;
  user: string;
  password: string;
}

export interface StoredImage {
  digest: string;
  /** Compressed size in the registry, in bytes. */
  bytes: number;
}

/** ECR: the only door to it. */
export class Registry {
  readonly #client: ECRClient;
  readonly #region: string;

  constructor(region: string) {
    this.#client = new ECRClient(clientSettings(region));
    this.#region = region;
  }

  /** A login that is good for twelve hours. */
  async login(): Promise<RegistryLogin> {
    const { authorizationData } = await call('ecr:GetAuthorizationToken', 'the registry', () =>
      this.#client.send(new GetAuthorizationTokenCommand({})),
    );
    const [authorization] = authorizationData ?? [];
    const [user = '', password = ''] = Buffer.from(authorization?.authorizationToken ?? '', 'base64')
      .toString('utf8')
      .split(':');
    return { registry: (authorization?.proxyEndpoint ?? '').replace(/^https?:\/\//, ''), user, password };
  }

  /** @throws Problem if there is no repository of that name */
  async requireRepository(name: string): Promise<void> {
    await call('ecr:DescribeRepositories', name, () =>
      this.#client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
    ).catch((error: unknown) => {
      if (isNamed(error, 'RepositoryNotFoundException')) throw this.#missingRepository(name, error);
      throw error;
    });
  }

  /**
   * @param reference a tag, or a digest (`sha256:…`)
   * @throws Problem if there is no such image
   */
  async image(repository: string, reference: string): Promise<StoredImage> {
    const image = await this.find(repository, reference);
    if (image !== undefined) return image;
    throw new Problem(`The repository ${repository} has no image ${reference}. Check the input image.`);
  }

  /**
   * @param reference a tag, or a digest (`sha256:…`)
   * @returns undefined if there is no such image
   */
  async find(repository: string, reference: string): Promise<StoredImage | undefined> {
    const imageIds = [reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference }];
    try {
      const { imageDetails } = await call('ecr:DescribeImages', repository, () =>
        this.#client.send(new DescribeImagesCommand({ repositoryName: repository, imageIds })),
      );
      const [image] = imageDetails ?? [];
      return { digest: image?.imageDigest ?? '', bytes: image?.imageSizeInBytes ?? 0 };
    } catch (error) {
      if (isNamed(error, 'RepositoryNotFoundException')) throw this.#missingRepository(repository, error);
      if (isNamed(error, 'ImageNotFoundException')) return undefined;
      throw error;
    }
  }

  #missingRepository(name: string, cause: unknown): Problem {
    return new Problem(
      `There is no ECR repository ${name} in ${this.#region}. Check the input repository, or make it (infra-template/ does).`,
      { cause },
    );
  }
}
