import { createHash } from 'node:crypto';
import type { ContainerSettings, Strategy } from '../inputs.ts';

/** One image digest plus its run settings: what is deployed and rolled back to. */
export interface Release {
  /** `r7-3f9c2a`: the number in the app's history, and the start of the image's digest. */
  id: string;
  /** `sha256:…` */
  digest: string;
  /** The image by digest, as the host pulls it. */
  image: string;
  /** Registry that the hosts log in to with their own role; empty if it needs no login. */
  registry: string;
  /** Compressed size of the image in bytes, 0 if unknown. */
  imageBytes: number;
  settings: ContainerSettings;
  strategy: Strategy;
  /** Path that answers with 2xx when it can serve. */
  healthPath: string;
}

/** @param sequence the release's number in the app's history, from 1 */
export function releaseId(sequence: number, digest: string): string {
  return `r${sequence}-${digest.replace('sha256:', '').slice(0, 6)}`;
}

/** The number in a release's id; 0 for a text that is none. */
export function sequenceOf(id: string): number {
  return Number(/^r(\d+)-/.exec(id)?.[1] ?? 0);
}

/**
 * A short digest of everything but the image that makes a container what it is: two releases with the same one, the same image
 * and the same secrets' values are the same.
 */
export function settingsDigest(settings: ContainerSettings, strategy: Strategy): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, strategy]))
    .digest('hex')
    .slice(0, 16);
}
