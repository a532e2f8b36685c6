import { setTimeout as delay } from 'node:timers/promises';
import type { HostDirectory } from '../hosts/directory.ts';
import type { ApiCall } from './api-call.ts';
import { denialOf } from './denial.ts';
import { errorOfFault, type FaultBook } from './faults.ts';
import type { Moto } from './moto.ts';
import type { Recorder } from './recorder.ts';

/** What every call passes before it is answered: the record, then the faults. */
export interface Gate {
  recorder: Recorder;
  faults: FaultBook;
  moto: Moto;
  directory: HostDirectory;
  accountId: string;
  region: string;
}

/**
 * Records a call and does to it what the fault that hits it says: waits, fails, or both.
 *
 * @throws ApiError when the fault is an error
 */
export async function admit(gate: Gate, call: ApiCall): Promise<void> {
  gate.recorder.record(call);
  const fault = gate.faults.take(call);
  if (fault?.delayMs !== undefined) {
    await delay(fault.delayMs);
  }
  if (fault?.denied) {
    throw await denialOf(call, gate);
  }
  const error = fault && errorOfFault(fault);
  if (error !== undefined) {
    throw error;
  }
}
