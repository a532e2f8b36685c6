import type { Handler } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import { batchDeleteImage } from './deletion.ts';
import { batchGetImage, describeImages, type ImagesContext, listImages, putImage } from './images.ts';
import { validateDeletion } from './repositories.ts';
import type { TokenStore } from './tokens.ts';

/** The operations of ECR that need the real registry; its repositories stay with moto. */
export function ecrHandlers(
  context: ImagesContext,
  tokens: TokenStore,
  registryPort: number,
): Record<string, Handler> {
  return {
    GetAuthorizationToken: (_request, accessKeyId) => authorizationToken(tokens, accessKeyId, registryPort),
    DescribeImages: (request) => describeImages(context, request),
    ListImages: (request) => listImages(context, request),
    BatchGetImage: (request) => batchGetImage(context, request),
    BatchDeleteImage: (request) => batchDeleteImage(context, request),
    DeleteRepository: async (request) => {
      await validateDeletion(context.repositories, context.registry, context.accountId, request);
      return undefined;
    },
    PutImage: (request) => putImage(context, request),
  };
}

function authorizationToken(tokens: TokenStore, accessKeyId: string, registryPort: number): JsonObject {
  const { password, expiresAt } = tokens.issue(accessKeyId);
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: expiresAt.getTime() / 1000,
        // An engine speaks plain HTTP to registries of 127.0.0.0/8 without being told to.
        proxyEndpoint: `http://127.0.0.1:${registryPort}`,
      },
    ],
  };
}
