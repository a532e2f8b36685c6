import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type CommandEnd, runOnHost } from '../../hosts/agent.ts';

/** A script as the agent is about to run it on a host. */
export interface ScriptRun {
  instanceId: string;
  /** Where the agent keeps the script and its output, as on AWS. */
  orchestrationFolder: string;
  /** Where this stand-in keeps the process ids, away from what a script may look at. */
  stateFolder: string;
  workingDirectory: string;
  script: string;
  /** Everything the script's environment holds besides the host's AWS_ variables. */
  environment: Record<string, string>;
  region: string;
}

/** What is left of a script that ended or was killed. */
export interface ScriptEnd {
  /** As the agent reports it: -1 for a script that died of a signal. */
  exitCode: number;
  /** What the agent says after "failed to run commands: ", or empty for exit code 0. */
  failure: string;
  /** The first bytes of each, one more than the agent passes on. */
  standardOutput: Buffer;
  standardError: Buffer;
}

export interface RunningScript {
  /** Resolves when the script has ended, or with undefined when the host was lost. */
  ended: Promise<ScriptEnd | undefined>;
  /** Kills the script's process group, as the agent does on cancel and timeout, and reads what was written. */
  kill(): Promise<ScriptEnd | undefined>;
}

// One byte more than the agent's limit tells that something was cut.
const READ_LIMIT = 24_001;

// Prints "CODE SIZE SIZE", then that many bytes of standard output and of standard error.
const REPORT = `
report() {
  local size sizes=()
  { : >>"$orchestration/stdout" >>"$orchestration/stderr"; } 2>/dev/null
  for size in $(stat -c %s "$orchestration/stdout" "$orchestration/stderr" 2>/dev/null || echo 0 0); do
    sizes+=("$((size > ${READ_LIMIT} ? ${READ_LIMIT} : size))")
  done
  printf '%s %s %s\\n' "$1" "\${sizes[@]}"
  ((sizes[0] == 0)) || head -c "\${sizes[0]}" "$orchestration/stdout"
  ((sizes[1] == 0)) || head -c "\${sizes[1]}" "$orchestration/stderr"
}`;

// The script gets a process group of its own and no terminal, no HOME, no USER. Both of its streams run through
// pipes, so that, as with the agent, a child that keeps one open keeps the command running.
const LAUNCH = `
set -u
orchestration=$1 state=$2 directory=$3 region=$4; shift 4
${REPORT}
umask 022
if [ -e "$state" ]; then rm -rf "$state"; fi
mkdir -p "$orchestration" "$state"
install --mode 0700 /dev/stdin "$orchestration/_script.sh"
echo $$ >"$state/launcher"
if ! cd "$directory" 2>/dev/null; then report chdir; exit; fi
mkfifo "$state/out" "$state/err"
cat <"$state/out" >>"$orchestration/stdout" &
cat <"$state/err" >>"$orchestration/stderr" &
for name in $(compgen -e); do
  case $name in AWS_REGION | AWS_DEFAULT_REGION) ;; AWS_*) set -- "$@" "$name=\${!name}" ;; esac
done
env -i "$@" AWS_DEFAULT_REGION="$region" setsid /bin/sh -c \\
  'echo $$ >"$0/group"; exec sh -c "$1"' "$state" "$orchestration/_script.sh" \\
  </dev/null >"$state/out" 2>"$state/err"
code=$?
wait
report "$code"`;

// The launcher goes too: the agent closes its ends of the pipes, so survivors write into nothing.
const KILL = `
set -u
orchestration=$1 state=$2
${REPORT}
for leader in group launcher; do
  if [ -s "$state/$leader" ]; then kill -KILL -- "-$(cat "$state/$leader")" 2>/dev/null; fi
done
report 137`;

/** Starts a script on a host. */
export function startScript(run: ScriptRun): RunningScript {
  const assignments = Object.entries(run.environment).map(([name, value]) => `${name}=${value}`);
  const folders = [run.orchestrationFolder, run.stateFolder];
  const launched = execInHost(
    run.instanceId,
    LAUNCH,
    [...folders, run.workingDirectory, run.region, ...assignments],
    run.script,
  );
  return {
    ended: launched.then((result) => parseReport(result, run.workingDirectory)),
    kill: async () => parseReport(await execInHost(run.instanceId, KILL, folders, '')),
  };
}

/** Tells whether a host runs and takes commands. */
export async function answersCommands(instanceId: string): Promise<boolean> {
  return (await execInHost(instanceId, 'true', [], '')).exitCode === 0;
}

/** Restarts a host's container: what a reboot is to an instance. */
export async function restartHost(container: string): Promise<void> {
  await once(spawn('docker', ['restart', '--time', '10', container], { stdio: 'ignore' }), 'close');
}

async function execInHost(
  instanceId: string,
  program: string,
  parameters: string[],
  input: string,
): Promise<CommandEnd> {
  try {
    return await runOnHost(instanceId, ['/bin/bash', '-c', program, 'agent', ...parameters], input);
  } catch (error) {
    // The host is gone: there is no report.
    return { exitCode: 1, standardOutput: Buffer.alloc(0), standardError: Buffer.from(String(error)) };
  }
}

function parseReport(result: CommandEnd, workingDirectory = ''): ScriptEnd | undefined {
  const lineEnd = result.standardOutput.indexOf('\n');
  const [code = '', outputSize, errorSize] = result.standardOutput.subarray(0, lineEnd).toString().split(' ');
  if (lineEnd < 0 || outputSize === undefined || errorSize === undefined) {
    return undefined;
  }
  const outputEnd = lineEnd + 1 + Number(outputSize);
  return {
    ...exitOf(code, result.standardError.toString(), workingDirectory),
    standardOutput: result.standardOutput.subarray(lineEnd + 1, outputEnd),
    standardError: result.standardOutput.subarray(outputEnd, outputEnd + Number(errorSize)),
  };
}

function exitOf(
  code: string,
  complaint: string,
  workingDirectory: string,
): Pick<ScriptEnd, 'exitCode' | 'failure'> {
  if (code === 'chdir') {
    return { exitCode: 1, failure: `chdir ${workingDirectory}: no such file or directory` };
  }
  const exitCode = Number(code);
  const signal = exitCode > 128 ? signalOf(complaint) : '';
  if (signal !== '') {
    return { exitCode: -1, failure: `signal: ${signal}` };
  }
  return { exitCode, failure: exitCode === 0 ? '' : `exit status ${exitCode}` };
}

/** Bash says by what signal a child died; an exit code alone doesn't tell 137 chosen from 137 suffered. */
function signalOf(complaint: string): string {
  return (
    /:\s+\d+\s+(Killed|Terminated|Hangup|Segmentation fault|Aborted)/.exec(complaint)?.[1]?.toLowerCase() ??
    ''
  );
}
