// The doors to AWS, each loaded when its step starts, so that a wrong input is told without waiting for the clients.
import type { RunCommand } from './aws/ssm.ts';
import type { Stacks } from './aws/stack.ts';
import type { Records } from './rollout/records.ts';

export async function openRunCommand(region: string): Promise<RunCommand> {
  const { RunCommand: Door } = await import('./aws/ssm.ts');
  return new Door(region);
}

export async function openStacks(region: string): Promise<Stacks> {
  const { Stacks: Door } = await import('./aws/stack.ts');
  return new Door(region);
}

export async function openRecords(region: string, app: string): Promise<Records> {
  const { Parameters } = await import('./aws/parameters.ts');
  const { Records: Ledger } = await import('./rollout/records.ts');
  return new Ledger(new Parameters(region), app);
}
