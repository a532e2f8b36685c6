// The front server's own endpoints, as the command line and the tests use them.
import type { BalancerView } from '../balancers/balancers.ts';
import type { HostExecResult } from '../front/cloud-routes.ts';
import type { RecordedCall } from '../front/recorder.ts';
import type { Host } from '../hosts/directory.ts';
import type { Access } from './account.ts';

/** The hosts of a cloud. */
export async function listHosts(access: Pick<Access, 'AWS_ENDPOINT_URL'>): Promise<Host[]> {
  const response = await ask(access, 'GET', '/_cloud/hosts');
  return (await response.json()) as Host[];
}

/** The load balancers of a cloud that run. */
export async function listBalancers(access: Pick<Access, 'AWS_ENDPOINT_URL'>): Promise<BalancerView[]> {
  const response = await ask(access, 'GET', '/_cloud/balancers');
  return (await response.json()) as BalancerView[];
}

/** Every call that was made with an access key, oldest first. */
export async function listCalls(
  access: Pick<Access, 'AWS_ENDPOINT_URL'>,
  accessKeyId: string,
): Promise<RecordedCall[]> {
  const response = await ask(access, 'GET', `/_cloud/calls?accessKeyId=${accessKeyId}`);
  return (await response.json()) as RecordedCall[];
}

/**
 * Runs a shell line on a host as root, without a docker command for it.
 * @returns what it wrote on standard output, trimmed
 * @throws Error with what it wrote on standard error unless it ended with 0
 */
export async function execOnHost(
  access: Pick<Access, 'AWS_ENDPOINT_URL'>,
  instanceId: string,
  line: string,
): Promise<string> {
  const response = await ask(access, 'POST', '/_cloud/exec', JSON.stringify({ instanceId, line }));
  const { exitCode, output, errors } = (await response.json()) as HostExecResult;
  if (exitCode !== 0) throw new Error(`on ${instanceId}, exit code ${exitCode}: ${errors.trim() || line}`);
  return output.trim();
}

/**
 * Injects a fault.
 *
 * @param fault JSON, as testbed/README.md describes it
 * @throws Error with the front server's answer if it refuses the fault
 */
export async function injectFault(access: Pick<Access, 'AWS_ENDPOINT_URL'>, fault: string): Promise<void> {
  await ask(access, 'POST', '/_cloud/faults', fault);
}

/**
 * Takes a right away from who calls with an access key.
 *
 * @param action such as ssm:SendCommand
 */
export async function denyCalls(
  access: Pick<Access, 'AWS_ENDPOINT_URL'>,
  action: string,
  accessKeyId: string,
): Promise<void> {
  await ask(access, 'POST', '/_cloud/deny', JSON.stringify({ action, accessKeyId }));
}

/** Takes all faults back. */
export async function clearFaults(access: Pick<Access, 'AWS_ENDPOINT_URL'>): Promise<void> {
  await ask(access, 'DELETE', '/_cloud/faults');
}

async function ask(
  access: Pick<Access, 'AWS_ENDPOINT_URL'>,
  method: string,
  path: string,
  body?: string,
): Promise<Response> {
  const response = await fetch(new URL(path, access.AWS_ENDPOINT_URL), {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) {
    throw new Error(
      `the local cloud answered ${method} ${path} with ${response.status}: ${await response.text()}`,
    );
  }
  return response;
}
