import { createHash } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../json.ts';
import { page } from '../paging.ts';
import type { PushLog } from './push-log.ts';
import { artifactType, imageSize, type Registry, type StoredManifest } from './registry.ts';
import { isImmutableTag, type Repositories } from './repositories.ts';

const MOST_RESULTS = 1000;

export interface ImagesContext {
  repositories: Repositories;
  registry: Registry;
  pushes: PushLog;
  accountId: string;
}

/** An image and the tags on it. */
export interface Image {
  manifest: StoredManifest;
  tags: string[];
}

/** Answers DescribeImages from the registry; throws ApiError as ECR does for what doesn't exist. */
export async function describeImages(context: ImagesContext, request: JsonObject): Promise<JsonObject> {
  const repository = await requireRepository(context, request);
  const wanted = objectsAt(request, 'imageIds');
  const images = await allImages(context, repository);
  const chosen =
    wanted.length > 0
      ? wanted.map((imageId) => requireImage(context, repository, images, imageId))
      : images.filter((image) => matchesTagStatus(image, request));
  const { items, token } = page([...new Set(chosen)], camelPaging(request), MOST_RESULTS);
  return {
    imageDetails: items.map((image) => imageDetail(context, repository, image)),
    ...camelToken(token),
  };
}

/** Answers ListImages: one entry for each tag, and one for each image without. */
export async function listImages(context: ImagesContext, request: JsonObject): Promise<JsonObject> {
  const repository = await requireRepository(context, request);
  const images = (await allImages(context, repository)).filter((image) => matchesTagStatus(image, request));
  const imageIds = images.flatMap(({ manifest, tags }) =>
    tags.length === 0
      ? [{ imageDigest: manifest.digest }]
      : tags.map((imageTag) => ({ imageDigest: manifest.digest, imageTag })),
  );
  const { items, token } = page<JsonObject>(imageIds, camelPaging(request), MOST_RESULTS);
  return { imageIds: items, ...camelToken(token) };
}

/** Answers BatchGetImage: the manifests themselves, and what wasn't found. */
export async function batchGetImage(context: ImagesContext, request: JsonObject): Promise<JsonObject> {
  const repository = await requireRepository(context, request);
  const images: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const imageId of objectsAt(request, 'imageIds')) {
    const manifest = await findManifest(context, repository, imageId);
    if (manifest === undefined) {
      failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    } else {
      images.push(imageView(context, repository, manifest, stringAt(imageId, 'imageTag')));
    }
  }
  return { images, failures };
}

/** Answers PutImage: stores a manifest under a tag, which is how a tag is added without pulling. */
export async function putImage(context: ImagesContext, request: JsonObject): Promise<JsonObject> {
  const description = await context.repositories.open(stringAt(request, 'repositoryName') ?? '');
  const repository = stringAt(request, 'repositoryName') ?? '';
  const manifest = givenManifest(request);
  const tag = stringAt(request, 'imageTag');
  await requireNewTag(context, description, repository, manifest, tag);
  try {
    await context.registry.putManifest(repository, tag ?? manifest.digest, manifest);
  } catch (error) {
    throw new ApiError(
      'InvalidParameterException',
      `Invalid parameter at 'ImageManifest': ${(error as Error).message}`,
    );
  }
  context.pushes.record(repository, manifest.digest);
  return { image: imageView(context, repository, manifest, tag) };
}

async function requireNewTag(
  context: ImagesContext,
  description: JsonObject,
  repository: string,
  manifest: StoredManifest,
  tag: string | undefined,
): Promise<void> {
  const existing = await context.registry.manifest(repository, tag ?? manifest.digest);
  if (existing?.digest === manifest.digest) {
    throw new ApiError(
      'ImageAlreadyExistsException',
      `Image with digest '${manifest.digest}' and tag '${tag ?? 'null'}' already exists in the repository with name '${repository}' in registry with id '${context.accountId}'`,
    );
  }
  if (existing !== undefined && tag !== undefined && isImmutableTag(description, tag)) {
    throw new ApiError('ImageTagAlreadyExistsException', immutableTagMessage(repository, tag));
  }
}

/** ECR's words when a tag can't be moved. */
export function immutableTagMessage(repository: string, tag: string): string {
  return `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`;
}

function givenManifest(request: JsonObject): StoredManifest {
  const text = stringAt(request, 'imageManifest') ?? '';
  const mediaType = stringAt(request, 'imageManifestMediaType') ?? mediaTypeWithin(text);
  return { digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, mediaType, text };
}

function mediaTypeWithin(text: string): string {
  try {
    return (JSON.parse(text) as { mediaType?: string }).mediaType ?? '';
  } catch {
    throw new ApiError('InvalidParameterException', "Invalid parameter at 'ImageManifest': it is no JSON.");
  }
}

/**
 * The name of the repository that a request is about.
 *
 * @throws ApiError RepositoryNotFoundException
 */
export async function requireRepository(
  { repositories }: ImagesContext,
  request: JsonObject,
): Promise<string> {
  const name = stringAt(request, 'repositoryName') ?? '';
  await repositories.open(name);
  return name;
}

/** Every image of a repository: those with tags, and those that were pushed and have lost theirs. */
export async function allImages({ registry, pushes }: ImagesContext, repository: string): Promise<Image[]> {
  const images = new Map<string, Image>();
  for (const tag of await registry.tags(repository)) {
    const manifest = await registry.manifest(repository, tag);
    if (manifest !== undefined) {
      const known = images.get(manifest.digest);
      images.set(manifest.digest, { manifest, tags: [...(known?.tags ?? []), tag] });
    }
  }
  for (const digest of pushes.digests(repository).filter((one) => !images.has(one))) {
    const manifest = await registry.manifest(repository, digest);
    if (manifest !== undefined) {
      images.set(digest, { manifest, tags: [] });
    }
  }
  return [...images.values()];
}

function requireImage(
  context: ImagesContext,
  repository: string,
  images: Image[],
  imageId: JsonObject,
): Image {
  const tag = stringAt(imageId, 'imageTag');
  const digest = stringAt(imageId, 'imageDigest');
  const found = images.find(
    (image) =>
      (tag === undefined || image.tags.includes(tag)) &&
      (digest === undefined || image.manifest.digest === digest),
  );
  if (found === undefined) {
    throw new ApiError(
      'ImageNotFoundException',
      `The image with imageId {imageDigest:'${digest ?? 'null'}', imageTag:'${tag ?? 'null'}'} does not exist within the repository with name '${repository}' in the registry with id '${context.accountId}'`,
    );
  }
  return found;
}

/** The manifest that an image id names by tag, digest or both, or undefined. */
export async function findManifest(
  { registry }: ImagesContext,
  repository: string,
  imageId: JsonObject,
): Promise<StoredManifest | undefined> {
  const digest = stringAt(imageId, 'imageDigest');
  const manifest = await registry.manifest(repository, stringAt(imageId, 'imageTag') ?? digest ?? '');
  return digest === undefined || manifest?.digest === digest ? manifest : undefined;
}

function matchesTagStatus(image: Image, request: JsonObject): boolean {
  const status = stringAt(objectAt(request, 'filter'), 'tagStatus') ?? 'ANY';
  return status === 'ANY' || (status === 'TAGGED') === image.tags.length > 0;
}

function imageDetail({ accountId, pushes }: ImagesContext, repository: string, image: Image): JsonObject {
  const { manifest, tags } = image;
  const artifactMediaType = artifactType(manifest);
  return {
    registryId: accountId,
    repositoryName: repository,
    imageDigest: manifest.digest,
    ...(tags.length > 0 && { imageTags: tags }),
    imageSizeInBytes: imageSize(manifest),
    imagePushedAt: pushes.pushedAt(repository, manifest.digest).getTime() / 1000,
    imageManifestMediaType: manifest.mediaType,
    ...(artifactMediaType !== undefined && { artifactMediaType }),
  };
}

function imageView(
  { accountId }: ImagesContext,
  repository: string,
  manifest: StoredManifest,
  tag: string | undefined,
): JsonObject {
  return {
    registryId: accountId,
    repositoryName: repository,
    imageId: { imageDigest: manifest.digest, ...(tag !== undefined && { imageTag: tag }) },
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
  };
}

/** ECR writes its fields small where SSM writes them great. */
function camelPaging(request: JsonObject): JsonObject {
  return { MaxResults: request['maxResults'], NextToken: request['nextToken'] };
}

function camelToken(token: JsonObject): JsonObject {
  return token['NextToken'] === undefined ? {} : { nextToken: token['NextToken'] };
}
