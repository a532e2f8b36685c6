// Metrics are for Prometheus, on a port of their own; nobody else gets them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { annotations, newAppName } from './support/app-state.ts';
import { ask, type BorrowedHost, borrowHost, deploy, repository } from './support/cloud.ts';

const app = newAppName('measured');
let host: BorrowedHost;
let image: Record<string, string>;

/** What a Prometheus in the network of the host is answered; only the status if the connection is refused (000). */
async function scrape(port: number, path: string): Promise<{ status: string; body: string }> {
  const answer = await host.shell(
    `curl --silent --write-out '\n%{http_code}' http://127.0.0.1:${port}${path} || true`,
  );
  const end = answer.trimEnd().lastIndexOf('\n');
  return { status: answer.slice(end + 1).trim(), body: answer.slice(0, end) };
}

beforeAll(async () => {
  host = await borrowHost();
  const { outputs } = await deploy(host, { 'app-name': app, 'metrics-port': '9464' });
  expect(outputs['verdict']).toBe('deployed');
  image = { image: `${repository}@${outputs['image-digest']}` };
});

afterAll(() => host.giveBack());

test.each(['/metrics', '/metrics/', '/METRICS', '/%6detrics', '/metrics?name=x'])(
  'the public port answers %s with 404',
  async (path) => {
    expect(await ask(host, path)).toMatchObject({ status: 404, body: '' });
    expect((await ask(host, '/')).status).toBe(200);
  },
);

test("the metrics port answers with the app's and the proxy's, and with nothing else of the app", async () => {
  expect(await scrape(9464, '/metrics')).toEqual({ status: '200', body: 'app_version 1' });
  const ofProxy = await scrape(9464, '/proxy/metrics');
  expect(ofProxy.status).toBe('200');
  expect(ofProxy.body).toMatch(/^caddy_http_request_duration_seconds_count\{.*server="app".*\} \d+$/m);
  expect((await scrape(9464, '/')).status).toBe('404');
});

test('the metrics port follows the live release', async () => {
  const { outputs } = await deploy(host, {
    'app-name': app,
    'metrics-port': '9464',
    version: '2',
  });
  expect(outputs['verdict']).toBe('deployed');
  expect((await scrape(9464, '/metrics')).body).toBe('app_version 2');
});

test('with another port the one before is closed', async () => {
  const { outputs } = await deploy(host, { 'app-name': app, ...image, 'metrics-port': '9465' });
  expect(outputs['verdict']).toBe('deployed');
  expect((await scrape(9465, '/metrics')).body).toBe('app_version 1');
  expect((await scrape(9464, '/metrics')).status).toBe('000');
});

test('a port that is taken is told, and takes nothing back', async () => {
  await host.shell(
    'docker run --detach --name taken --publish 9466:80 public.ecr.aws/docker/library/caddy:2.11.4-alpine',
  );
  const result = await deploy(host, { 'app-name': app, ...image, env: 'AGAIN=yes', 'metrics-port': '9466' });
  expect(result.outputs['verdict']).toBe('deployed');
  expect(annotations(result, 'warning')).toContain(
    'The release serves, but its metrics do not: port 9466 cannot be served (is it taken by another program?)',
  );
  expect((await ask(host, '/')).status).toBe(200);
});

test('an app whose paths are all public says so, and then has no port for metrics', async () => {
  const { outputs } = await deploy(host, { 'app-name': app, ...image, 'metrics-path': 'none' });
  expect(outputs['verdict']).toBe('deployed');
  expect(await ask(host, '/metrics')).toEqual({ status: 200, body: 'app_version 1' });
  expect(await host.shell(`docker ps --all --quiet --filter label=ec2-deploy.role=metrics`)).toBe('');
});
