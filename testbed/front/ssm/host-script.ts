import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  type HostEnd,
  type HostScript,
  killScriptOnHost,
  runOnHost,
  runScriptOnHost,
} from '../../hosts/agent.ts';

/** A script as the agent is about to run it. */
export type ScriptRun = Omit<HostScript, 'limit'> & { instanceId: string };

export interface RunningScript {
  /** Resolves when the script has ended, or with undefined when the host was lost. */
  ended: Promise<HostEnd | undefined>;
  /** Kills the script's process group, as the agent does on cancel and timeout, and reads what was written. */
  kill(): Promise<HostEnd | undefined>;
}

// One byte more than the agent's limit tells that something was cut.
const limit = 24_001;

/** Starts a script on a host. */
export function startScript({ instanceId, ...script }: ScriptRun): RunningScript {
  return {
    ended: unlessLost(runScriptOnHost(instanceId, { ...script, limit })),
    kill: () => unlessLost(killScriptOnHost(instanceId, { folder: script.folder, limit })),
  };
}

/** Tells whether a host runs and takes commands. */
export async function answersCommands(instanceId: string): Promise<boolean> {
  return (await unlessLost(runOnHost(instanceId, ['true'])))?.exitCode === 0;
}

/** Restarts a host's container: what a reboot is to an instance. */
export async function restartHost(container: string): Promise<void> {
  await once(spawn('docker', ['restart', '--time', '10', container], { stdio: 'ignore' }), 'close');
}

function unlessLost(end: Promise<HostEnd>): Promise<HostEnd | undefined> {
  return end.catch(() => undefined);
}
