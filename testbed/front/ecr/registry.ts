import { type JsonObject, numberAt, objectAt, objectsAt, parseJsonObject, stringsAt } from '../json.ts';

/** A manifest as the registry keeps it. */
export interface StoredManifest {
  digest: string;
  mediaType: string;
  /** The exact text, which is what the digest is of. */
  text: string;
}

/** The real registry behind ECR's API. */
export interface Registry {
  /** Every tag of a repository; none when nothing was pushed. */
  tags(repository: string): Promise<string[]>;
  /** The manifest under a tag or digest, or undefined. */
  manifest(repository: string, reference: string): Promise<StoredManifest | undefined>;
  /** Stores a manifest under a tag or digest; throws an Error with the registry's words when it refuses. */
  putManifest(repository: string, reference: string, manifest: StoredManifest): Promise<void>;
  /** Deletes a manifest with every tag on it; throws an Error with the registry's words when it refuses. */
  deleteManifest(repository: string, digest: string): Promise<void>;
}

const MANIFEST_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ');

/** The registry at a URL, which lets anyone in: the proxy before it checks who comes. */
export function registryAt(url: string): Registry {
  return {
    async tags(repository) {
      const answer = await fetch(`${url}/v2/${repository}/tags/list`);
      const body = await answer.text();
      return answer.ok ? stringsAt(parseJsonObject(body), 'tags').sort() : [];
    },
    async manifest(repository, reference) {
      const answer = await fetch(`${url}/v2/${repository}/manifests/${reference}`, {
        headers: { accept: MANIFEST_TYPES },
      });
      const text = await answer.text();
      if (!answer.ok) {
        return undefined;
      }
      const digest = answer.headers.get('docker-content-digest') ?? '';
      return { digest, mediaType: answer.headers.get('content-type') ?? '', text };
    },
    async putManifest(repository, reference, manifest) {
      const answer = await fetch(`${url}/v2/${repository}/manifests/${reference}`, {
        method: 'PUT',
        headers: { 'content-type': manifest.mediaType },
        body: manifest.text,
      });
      await requireAccepted(answer, 'manifest');
    },
    async deleteManifest(repository, digest) {
      const answer = await fetch(`${url}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' });
      await requireAccepted(answer, 'deletion');
    },
  };
}

async function requireAccepted(answer: Response, what: string): Promise<void> {
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`the registry refused the ${what} (${answer.status}): ${text}`);
  }
}

/** The bytes that a manifest's image takes in the registry: its configuration and layers, or an index's parts. */
export function imageSize(manifest: StoredManifest): number {
  const content = parseJsonObject(manifest.text);
  const parts = [
    objectAt(content, 'config'),
    ...objectsAt(content, 'layers'),
    ...objectsAt(content, 'manifests'),
  ];
  return parts.reduce((total: number, part: JsonObject) => total + (numberAt(part, 'size') ?? 0), 0);
}

/** The media type of what a manifest's configuration describes; undefined for an index. */
export function artifactType(manifest: StoredManifest): string | undefined {
  const type = objectAt(parseJsonObject(manifest.text), 'config')['mediaType'];
  return typeof type === 'string' ? type : undefined;
}
