import type { Parameters } from '../aws/parameters.ts';
import { formatStoredPlan, type HostPlan } from '../host/protocol.ts';
import { Problem } from '../problem.ts';
import type { LeaseRecord, LeaseStore } from '../release/lease.ts';
import {
  begin,
  conclude,
  emptyLedger,
  formatRecord,
  type Ledger,
  type LedgerEntry,
  largestRecord,
  parseLedger,
  parseLedgerEntry,
  recordNames,
} from '../release/ledger.ts';
import { sequenceOf } from '../release/release.ts';

/** An app's ledger and lease, where they are kept. */
export class Records {
  readonly #parameters: Parameters;
  readonly #app: string;

  constructor(parameters: Parameters, app: string) {
    this.#parameters = parameters;
    this.#app = app;
  }

  async ledger(): Promise<Ledger> {
    const stored = await this.#parameters.read(recordNames.ledger(this.#app));
    return stored === undefined ? emptyLedger : parseLedger(stored.value);
  }

  /** @throws Problem if the ledger has no release of that id */
  async entry(id: string): Promise<LedgerEntry> {
    const stored = await this.#parameters.read(recordNames.release(this.#app, id));
    if (stored !== undefined) return parseLedgerEntry(stored.value);
    throw new Problem(`The record of the release ${id} of ${this.#app} is not in Parameter Store any more.`);
  }

  /** Writes down that a rollout has begun, so that its number is never given out again. */
  async begin(ledger: Ledger, entry: LedgerEntry): Promise<Ledger> {
    const begun = begin(ledger, entry.id);
    await this.#writeEntry(entry);
    await this.#writeLedger(begun);
    return begun;
  }

  /**
   * Writes down how a rollout ended.
   * @param serving the release that serves now; empty if none does, or nobody knows
   * @param keep how many releases stay in the ledger
   */
  async conclude(ledger: Ledger, entry: LedgerEntry, live: string, keep: number): Promise<void> {
    const conclusion = conclude(ledger, live, keep);
    await this.#writeEntry(entry);
    await this.#writeLedger(conclusion.ledger);
    await this.#parameters.remove(conclusion.dropped.map((id) => recordNames.release(this.#app, id)));
  }

  /**
   * Writes down how a rollout ended whose own run could not.
   * @param live the release that serves now; empty if none does
   */
  async concludeCutOff(id: string, live: string, keep: number): Promise<void> {
    const stored = await this.#parameters.read(recordNames.release(this.#app, id));
    if (stored === undefined) return;
    const status = live === id ? 'live' : live === '' ? 'failed' : 'rolled-back';
    const ledger = await this.ledger();
    // The run may have ended between the writing of the entry and that of the ledger.
    const begun = ledger.lastSequence < sequenceOf(id) ? begin(ledger, id) : ledger;
    await this.conclude(begun, { ...parseLedgerEntry(stored.value), status }, live, keep);
  }

  /**
   * Writes down what a host does by itself to serve the live release.
   * @returns false if it is larger than Parameter Store takes: hosts then keep to the one before
   */
  async writeLivePlan(plan: HostPlan): Promise<boolean> {
    const text = formatStoredPlan(plan);
    if (text.length > largestRecord) return false;
    await this.#parameters.write(recordNames.livePlan(this.#app), text);
    return true;
  }

  get lease(): LeaseStore {
    const name = recordNames.lease(this.#app);
    const parameters = this.#parameters;
    return {
      async read() {
        const stored = await parameters.read(name);
        return stored && { record: parseLease(stored.value), version: stored.version };
      },
      async readVersion(version) {
        const stored = await parameters.read(`${name}:${version}`);
        if (stored === undefined) throw new Problem(`Version ${version} of the parameter ${name} is gone.`);
        return parseLease(stored.value);
      },
      create: (record) => parameters.create(name, JSON.stringify(record)),
      overwrite: (record) => parameters.write(name, JSON.stringify(record)),
    };
  }

  async #writeEntry(entry: LedgerEntry): Promise<void> {
    await this.#parameters.write(recordNames.release(this.#app, entry.id), formatRecord(entry));
  }

  async #writeLedger(ledger: Ledger): Promise<void> {
    await this.#parameters.write(recordNames.ledger(this.#app), formatRecord(ledger));
  }
}

function parseLease(text: string): LeaseRecord {
  return JSON.parse(text);
}
