import { type JsonObject, objectsAt, stringAt } from '../json.ts';
import { allImages, findManifest, type ImagesContext, requireRepository } from './images.ts';

/** Answers BatchDeleteImage: a digest takes the image with all its tags, a tag the image only if it is the last one. */
export async function batchDeleteImage(context: ImagesContext, request: JsonObject): Promise<JsonObject> {
  const repository = await requireRepository(context, request);
  const imageIds: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const imageId of objectsAt(request, 'imageIds')) {
    const deleted = await deleteImage(context, repository, imageId);
    if (deleted === undefined) {
      failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    } else {
      imageIds.push(...deleted);
    }
  }
  return { imageIds, failures };
}

/** The ids that are gone, or undefined if there was no such image. */
async function deleteImage(
  context: ImagesContext,
  repository: string,
  imageId: JsonObject,
): Promise<JsonObject[] | undefined> {
  const manifest = await findManifest(context, repository, imageId);
  if (manifest === undefined) {
    return undefined;
  }
  const { digest: imageDigest } = manifest;
  const image = (await allImages(context, repository)).find((one) => one.manifest.digest === imageDigest);
  const tag = stringAt(imageId, 'imageTag');
  const kept = tag === undefined ? [] : (image?.tags ?? []).filter((one) => one !== tag);
  await context.registry.deleteManifest(repository, imageDigest);
  // The registry can't take a single tag away, so the others are put back.
  for (const other of kept) {
    await context.registry.putManifest(repository, other, manifest);
  }
  if (kept.length === 0) {
    context.pushes.forget(repository, imageDigest);
  }
  const gone = (image?.tags ?? []).filter((one) => !kept.includes(one));
  return gone.length === 0 ? [{ imageDigest }] : gone.map((imageTag) => ({ imageDigest, imageTag }));
}
