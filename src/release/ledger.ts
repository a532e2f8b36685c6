import { gunzipSync, gzipSync } from 'node:zlib';
import { Problem } from '../problem.ts';
import { type Release, releaseId, sequenceOf } from './release.ts';

/** How a release ended, or `rolling-out` while it has not. */
export type ReleaseStatus = 'rolling-out' | 'live' | 'rolled-back' | 'failed';

/** What is kept of one release: enough to bring it back. */
export interface LedgerEntry extends Release {
  status: ReleaseStatus;
  /** ISO time at which the rollout began. */
  startedAt: string;
  commit: string;
  runUrl: string;
}

/** The record of an app's releases. */
export interface Ledger {
  /** The number of the last release that was begun. */
  lastSequence: number;
  /** The id of the release that serves; empty before the first. */
  live: string;
  /** Ids of the releases that served and whose entries are kept, the last that served first: what can be gone back to. */
  releases: string[];
  /** Ids of those that were begun and never served, newest first. */
  unproven: string[];
}

export const emptyLedger: Ledger = { lastSequence: 0, live: '', releases: [], unproven: [] };

/** Where an app's records are, in Parameter Store. */
export const recordNames = {
  ledger: (app: string) => `/ec2-deploy/${app}/ledger`,
  release: (app: string, id: string) => `/ec2-deploy/${app}/releases/${id}`,
  livePlan: (app: string) => `/ec2-deploy/${app}/live-plan`,
  lease: (app: string) => `/ec2-deploy/${app}/lease`,
};

/**
 * The id of the next release. Hosts count too: a ledger that was deleted must not hand out an id that a host still knows.
 * @param knownToHosts ids of the releases that hosts say are live
 */
export function nextReleaseId(ledger: Ledger, knownToHosts: string[], digest: string): string {
  const used = Math.max(ledger.lastSequence, ...knownToHosts.map(sequenceOf));
  return releaseId(used + 1, digest);
}

/** The ledger once a rollout of the release has begun; one that served before is not unproven again. */
export function begin(ledger: Ledger, id: string): Ledger {
  const unproven = ledger.releases.includes(id) ? ledger.unproven : [id, ...ledger.unproven];
  return { ...ledger, lastSequence: Math.max(ledger.lastSequence, sequenceOf(id)), unproven };
}

/**
 * The release to go back to: of those that are older than the live one, the last that served.
 * @returns undefined if none is kept
 */
export function releaseBefore({ live, releases }: Ledger): string | undefined {
  return releases.find((id) => sequenceOf(id) < sequenceOf(live));
}

export interface Conclusion {
  ledger: Ledger;
  /** Ids of the entries that are to be deleted. */
  dropped: string[];
}

/**
 * The ledger once a rollout has ended. A refused release takes the place of none that can be gone back to.
 * @param serving the release that serves now; empty if none does or nobody knows, and then hosts still go back to the one before
 * @param keep how many releases to keep, the live one always among them, and how many of those that never served
 */
export function conclude(ledger: Ledger, serving: string, keep: number): Conclusion {
  const live = serving || ledger.live;
  const isKnown = ledger.unproven.includes(live) || ledger.releases.includes(live);
  const served = isKnown ? [live, ...ledger.releases.filter((id) => id !== live)] : ledger.releases;
  const refused = ledger.unproven.filter((id) => id !== live);
  const releases = served.filter((id, index) => index < keep || id === live);
  const unproven = refused.slice(0, keep);
  const dropped = [...served, ...refused].filter((id) => !releases.includes(id) && !unproven.includes(id));
  return { ledger: { ...ledger, live, releases, unproven }, dropped };
}

/** Parameter Store's limit for an advanced parameter, in bytes. */
export const largestRecord = 8192;
/** Above the standard tier's limit a record is compressed, since the advanced tier costs money. */
const largestPlainRecord = 4096;
const compressedMark = 'gzip:';

/**
 * A record as Parameter Store takes it: JSON, compressed if large. It refuses values with double braces, so those of texts are escaped.
 * @throws Problem if it is too large even so
 */
export function formatRecord(record: Ledger | LedgerEntry): string {
  const json = JSON.stringify(record).replace(/"(?:[^"\\]|\\.)*"/g, escapeBraces);
  if (Buffer.byteLength(json) <= largestPlainRecord) return json;
  const compressed = compressedMark + gzipSync(json, { level: 9 }).toString('base64');
  if (Buffer.byteLength(compressed) <= largestRecord) return compressed;
  throw new Problem(
    `The record of this release is ${Buffer.byteLength(compressed)} bytes, compressed, and Parameter Store takes ${largestRecord}. ` +
      'Most of it is the values of the input env: move large ones to Parameter Store or Secrets Manager and name them in secrets.',
  );
}

function escapeBraces(text: string): string {
  return text.replaceAll('{', '\\u007b').replaceAll('}', '\\u007d');
}

/** Reads what formatRecord wrote. */
export function parseLedger(text: string): Ledger {
  return JSON.parse(plainRecord(text));
}

/** Reads what formatRecord wrote. */
export function parseLedgerEntry(text: string): LedgerEntry {
  return JSON.parse(plainRecord(text));
}

function plainRecord(text: string): string {
  if (!text.startsWith(compressedMark)) return text;
  return gunzipSync(Buffer.from(text.slice(compressedMark.length), 'base64')).toString('utf8');
}
