import type { IncomingMessage } from 'node:http';
import type { ApiCall } from '../api-call.ts';
import type { JsonObject } from '../json.ts';

type Operations = Record<string, string>;

// The rights that ECR asks for when a client of the registry does this.
const MANIFEST_OPERATIONS: Operations = {
  GET: 'BatchGetImage',
  HEAD: 'BatchGetImage',
  PUT: 'PutImage',
  DELETE: 'BatchDeleteImage',
};
const BLOB_OPERATIONS: Operations = { GET: 'GetDownloadUrlForLayer', HEAD: 'BatchCheckLayerAvailability' };
const UPLOAD_OPERATIONS: Operations = {
  POST: 'InitiateLayerUpload',
  PATCH: 'UploadLayerPart',
  PUT: 'CompleteLayerUpload',
};

/**
 * The call of ECR's API that a request to the registry stands for, so that it is recorded and broken like one.
 *
 * @returns undefined for what belongs to no repository, such as /v2/ itself
 */
export function identifyRegistryCall(request: IncomingMessage, accessKeyId: string): ApiCall | undefined {
  const match = /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/([^?]*)/.exec(request.url ?? '/');
  if (match === null) {
    return undefined;
  }
  const [, repositoryName = '', kind = '', reference = ''] = match;
  return {
    service: 'ecr',
    operation: operationOf(kind, reference, request.method ?? 'GET'),
    protocol: 'rest-json',
    accessKeyId,
    parameters: { repositoryName, ...detailsOf(kind, reference) },
  };
}

function operationOf(kind: string, reference: string, method: string): string {
  switch (kind) {
    case 'manifests':
      return MANIFEST_OPERATIONS[method] ?? method;
    case 'blobs':
      return (reference.startsWith('uploads/') ? UPLOAD_OPERATIONS : BLOB_OPERATIONS)[method] ?? method;
    default:
      return 'ListImages';
  }
}

function detailsOf(kind: string, reference: string): JsonObject {
  if (kind === 'blobs') {
    return reference.startsWith('uploads/') ? {} : { layerDigest: reference };
  }
  if (kind !== 'manifests') {
    return {};
  }
  return reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };
}
