// The templates' first boot on real hosts of the local cloud, where packages come late or never.
import { afterAll, expect, test } from 'vitest';
import { bootScript } from '../../scripts/boot-script.ts';
import { readTemplate } from '../../scripts/cloudformation.ts';
import { listCalls } from '../../testbed/cloud/client.ts';
import { hostAccessKeyId } from '../../testbed/hosts/directory.ts';
import { access, startHost, type TestHost } from './support/cloud.ts';

const template = readTemplate('infra-template/single-instance.yaml');
const hosts: TestHost[] = [];

afterAll(() => Promise.all(hosts.map((host) => host.terminate())));

/**
 * Boots a host whose package manager is in the way, and that knows its own id as cloud-init writes it.
 * @param dnf what stands before the package manager; `$calls` is how often it was called
 */
async function boot(dnf: string): Promise<TestHost> {
  const script = bootScript(template, 'HostTemplate', {
    'AWS::Region': access.AWS_REGION,
    AppName: 'booted',
  });
  const host = await startHost(`#!/bin/bash
install() { cat >"/usr/local/bin/$1" && chmod +x "/usr/local/bin/$1"; }
mkdir -p /var/lib/cloud/data
printf '%s' "i-0123456789abcdef0" >/var/lib/cloud/data/instance-id
install dnf <<'DNF'
#!/bin/bash
echo called >>/var/log/dnf-calls
calls=$(wc -l </var/log/dnf-calls)
${dnf}
exec /usr/bin/dnf "$@"
DNF
# Time passes faster in this test.
install sleep <<'SLEEP'
#!/bin/bash
[[ $1 == 5 ]] || exec /bin/sleep "$@"
exec /bin/sleep 0.01
SLEEP
${script}`);
  hosts.push(host);
  return host;
}

/** The statuses that the host told CloudFormation. */
async function signals({ instanceId }: TestHost): Promise<unknown[]> {
  const calls = await listCalls(access, hostAccessKeyId(instanceId));
  const told = calls.filter(({ operation }) => operation === 'SignalResource');
  // The AWS CLI asks again, since moto does not know the call.
  return [...new Set(told.map(({ parameters }) => parameters['Status']))];
}

test('a host whose package database is held at first, and whose packages come slowly, boots', async () => {
  const host = await boot(
    'if ((calls < 4)); then echo "another process holds the lock" >&2; exit 1; fi; /bin/sleep 2',
  );
  expect(await host.shell('cloud-init status')).toBe('status: done');
  expect(await host.shell('systemctl is-active docker; systemctl is-enabled docker')).toBe('active\nenabled');
  expect(await host.shell('wc -l </var/log/dnf-calls')).toBe('4');
  await expect.poll(() => signals(host), { timeout: 20_000 }).toEqual(['SUCCESS']);
});

test('a host that never gets its packages fails its boot, says why and tells CloudFormation', async () => {
  const host = await boot('echo "no route to the mirror" >&2; exit 1');
  expect(await host.shell('cloud-init status || true')).toBe('status: error');
  const log = await host.shell('cat /var/log/cloud-init-output.log');
  expect(log).toContain('no route to the mirror');
  expect(log).toContain('gave up: dnf install -y docker');
  expect(await host.shell('wc -l </var/log/dnf-calls')).toBe('60');
  expect(await host.shell('command -v docker || echo none')).toBe('none');
  expect(await signals(host)).toEqual(['FAILURE']);
});
