import { describe, expect, it } from 'vitest';
import { InputError, type Inputs, readInputs } from '../../src/inputs.ts';

type Given = Record<string, string>;

const runner = { AWS_REGION: 'eu-central-1', GITHUB_REPOSITORY: 'org/my-app' };
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

function inputsOf(given: Given, environment: NodeJS.ProcessEnv = runner): Inputs {
  const whole: Given = 'instance-ids' in given ? given : { 'stack-name': 'my-app', ...given };
  return readInputs((name) => whole[name] ?? '', environment);
}

function linesOf(given: Given, environment: NodeJS.ProcessEnv = runner): string[] {
  try {
    inputsOf(given, environment);
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return ['no problem'];
}

function messageOf(given: Given, environment: NodeJS.ProcessEnv = runner): string {
  return linesOf(given, environment).join('\n');
}

describe('without any optional input', () => {
  it('gives the defaults', () => {
    expect(inputsOf({})).toEqual({
      target: { kind: 'stack', stackName: 'my-app' },
      region: 'eu-central-1',
      repository: '',
      image: {
        kind: 'build',
        context: '.',
        dockerfile: 'Dockerfile',
        stage: '',
        buildArguments: [],
        platform: '',
      },
      ssmDocument: '',
      appName: 'my-app',
      container: {
        containerPort: 8000,
        hostPort: 80,
        metricsPort: undefined,
        metricsPath: '/metrics',
        environment: [],
        secrets: [],
        memory: '',
        cpus: '',
        readOnly: false,
        command: [],
        volumes: [],
      },
      strategy: 'blue-green',
      batchSize: { unit: 'percent', amount: 25 },
      migrateCommand: [],
      drainTimeout: 30,
      keepReleases: 5,
      healthPath: '/health',
      healthTimeout: 60,
      timeout: 900,
      waitForLease: 600,
      waitForInstance: 600,
    } satisfies Inputs);
  });

  it('takes a value of nothing but white space for none', () => {
    expect(inputsOf({ 'container-port': ' \n', 'health-path': ' ', env: ' \n ', command: '\n' })).toEqual(
      inputsOf({}),
    );
  });
});

describe('a good value', () => {
  const good: [given: Given, pick: (inputs: Inputs) => unknown, value: unknown][] = [
    [{ 'stack-name': 'A1-b' }, ({ target }) => target, { kind: 'stack', stackName: 'A1-b' }],
    [
      { 'instance-ids': ' i-0123456789abcdef0,\n', repository: 'app' },
      ({ target }) => target,
      { kind: 'instances', instanceIds: ['i-0123456789abcdef0'] },
    ],
    [
      { 'instance-ids': 'i-01234567, i-01234568\ni-01234569', repository: 'app' },
      ({ target }) => target,
      { kind: 'instances', instanceIds: ['i-01234567', 'i-01234568', 'i-01234569'] },
    ],
    [
      { 'stack-name': '', 'target-tags': '\nec2-deploy:app=shop\n role = \n', repository: 'app' },
      ({ target }) => target,
      {
        kind: 'tags',
        tags: [
          { name: 'ec2-deploy:app', value: 'shop' },
          { name: 'role ', value: '' },
        ],
      },
    ],
    [{ 'batch-size': '3' }, ({ batchSize }) => batchSize, { unit: 'hosts', amount: 3 }],
    [{ 'batch-size': '100%' }, ({ batchSize }) => batchSize, { unit: 'percent', amount: 100 }],
    [{ region: ' us-gov-west-1\n' }, ({ region }) => region, 'us-gov-west-1'],
    [{ region: 'eusc-de-east-1' }, ({ region }) => region, 'eusc-de-east-1'],
    [{ repository: 'team/my_app.web-2' }, ({ repository }) => repository, 'team/my_app.web-2'],
    [{ image: 'app:1.2' }, ({ image }) => image, { kind: 'existing', image: 'app:1.2' }],
    [
      { image: `127.0.0.1:5000/a/b__c@${digest}` },
      ({ image }) => image,
      { kind: 'existing', image: `127.0.0.1:5000/a/b__c@${digest}` },
    ],
    [
      { image: `ghcr.io/org/app:v1@${digest}` },
      ({ image }) => image,
      { kind: 'existing', image: `ghcr.io/org/app:v1@${digest}` },
    ],
    [
      {
        context: './back end',
        target: 'production',
        'build-args': 'A=1\nB=x=y',
        platform: 'linux/arm64',
      },
      ({ image }) => image,
      {
        kind: 'build',
        context: './back end',
        dockerfile: 'back end/Dockerfile',
        stage: 'production',
        buildArguments: [
          { name: 'A', value: '1' },
          { name: 'B', value: 'x=y' },
        ],
        platform: 'linux/arm64',
      },
    ],
    [
      { context: 'a', dockerfile: 'b/Dockerfile.prod' },
      ({ image }) => image,
      expect.objectContaining({ dockerfile: 'b/Dockerfile.prod' }),
    ],
    [{ 'app-name': 'a' }, ({ appName }) => appName, 'a'],
    [{ 'app-name': `a${'-'.repeat(38)}9` }, ({ appName }) => appName, `a${'-'.repeat(38)}9`],
    [
      { 'container-port': '65535', 'host-port': '1' },
      ({ container: c }) => [c.containerPort, c.hostPort],
      [65535, 1],
    ],
    [{ memory: '6m' }, ({ container }) => container.memory, '6m'],
    [{ memory: '1.5G' }, ({ container }) => container.memory, '1.5G'],
    [{ memory: '6291456b' }, ({ container }) => container.memory, '6291456b'],
    [{ cpus: '0.01' }, ({ container }) => container.cpus, '0.01'],
    [{ 'read-only': 'TRUE' }, ({ container }) => container.readOnly, true],
    [{ 'read-only': 'False' }, ({ container }) => container.readOnly, false],
    [
      { command: `node 'my server.js' --port 8000` },
      ({ container }) => container.command,
      ['node', 'my server.js', '--port', '8000'],
    ],
    [
      { volumes: '/var/data:/data\n\n  uploads:/app/up loads:ro\ncache:/cache:rw' },
      ({ container }) => container.volumes,
      ['/var/data:/data', 'uploads:/app/up loads:ro', 'cache:/cache:rw'],
    ],
    [{ strategy: 'recreate' }, ({ strategy }) => strategy, 'recreate'],
    [
      { 'migrate-command': 'npm run migrate' },
      ({ migrateCommand }) => migrateCommand,
      ['npm', 'run', 'migrate'],
    ],
    [{ 'drain-timeout': '0s' }, ({ drainTimeout }) => drainTimeout, 0],
    [
      { timeout: '1h', 'health-timeout': '1m30s' },
      ({ timeout, healthTimeout }) => [timeout, healthTimeout],
      [3600, 90],
    ],
    [
      { 'wait-for-lease': '0s', 'wait-for-instance': '6h' },
      (i) => [i.waitForLease, i.waitForInstance],
      [0, 21600],
    ],
    [{ 'keep-releases': '50' }, ({ keepReleases }) => keepReleases, 50],
    [
      { 'health-path': '/health/live?full=1&x=%20' },
      ({ healthPath }) => healthPath,
      '/health/live?full=1&x=%20',
    ],
  ];
  it.each(good)('is accepted: %j', (given, pick, value) => {
    expect(pick(inputsOf(given))).toEqual(value);
  });
});

const port = 'Allowed: a whole number from 1 to 65535.';
const repository = `is not an ECR repository's name. Allowed: the name alone, without the registry's host and without a tag: 2 to 256 lower-case letters, digits and . _ - /. Example: team/my-app`;
const image =
  'is not an image with a tag or a digest. Allowed: NAME:TAG or NAME@sha256:DIGEST (64 of the characters 0-9 and a-f). Example: my-app:1.4.2';
const path =
  'is not a path in the checkout. Allowed: a path without control characters that does not start with "-" and is not a URL. Example: ./backend';
const appName =
  "is not an app's name. Allowed: 1 to 40 lower-case letters, digits and hyphens, with a letter or digit first and last. Example: my-app";
const memory =
  'is not an amount of memory. Allowed: a number with a unit (b, k, m or g), from 6m to 32768g. Example: 512m';
const cpus = 'is not a number of processors. Allowed: a decimal number of at least 0.01. Example: 1.5';
const documentName =
  "is not an SSM document's name. Allowed: 3 to 128 letters, digits and . _ -, not starting with aws, amazon or amzn. Example: my-app-ec2-deploy";
const metricsPath =
  'is not a path of the app. Allowed: a path of letters, digits and . _ ~ - /, which starts with "/" and does not end with it, or none. Example: /metrics';
const boolean = 'is not true or false. Allowed: true or false. Example: true';
const volume =
  'is not a volume. Allowed: one SOURCE:TARGET, SOURCE:TARGET:ro or SOURCE:TARGET:rw a line; SOURCE an absolute path or the name of a volume, TARGET an absolute path other than "/". Example: uploads:/app/uploads';
const healthPath =
  'is not a path of the app. Allowed: a path that starts with "/", without spaces, control characters or "#"; other characters than those of a URL percent-encoded. Example: /health';
const words = 'Allowed: words as a shell splits them, every quote closed; nothing is expanded.';
const region =
  "is not a region's code. Allowed: an AWS region's code, in the input region or in the environment as AWS_REGION or AWS_DEFAULT_REGION. Example: eu-central-1";
const instanceId =
  'is not an instance id. Allowed: "i-" and 8 or 17 of the characters 0-9 and a-f. Example: i-0123456789abcdef0';
const stackName =
  "is not a stack's name. Allowed: up to 128 letters, digits and hyphens, starting with a letter. Example: my-app";
const platform =
  "is not a platform. Allowed: linux/amd64, linux/arm64, or nothing for the host's own. Example: linux/arm64";
const releases = 'is not a number of releases. Allowed: a whole number from 1 to 50. Example: 5';

function durationRule(range: string, example: string): string {
  return `is not a duration ${range}. Allowed: hours, minutes and seconds with their units (h, m, s), ${range}. Example: ${example}`;
}

describe('a bad value', () => {
  const bad: [input: string, value: string, message: string][] = [
    ['stack-name', '1app', `"1app" ${stackName}`],
    ['stack-name', 'my_app', `"my_app" ${stackName}`],
    ['region', 'europe', `"europe" ${region}`],
    ['repository', 'Team/App', `"Team/App" ${repository}`],
    ['repository', 'a', `"a" ${repository}`],
    ['repository', 'app:latest', `"app:latest" ${repository}`],
    [
      'repository',
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com/app',
      `"123456789012.dkr.ecr.eu-central-1.amazonaws.com/app" ${repository}`,
    ],
    ['context', '-', `"-" ${path}`],
    ['context', 'https://github.com/org/app.git', `"https://github.com/org/app.git" ${path}`],
    ['dockerfile', 'a\nb', `"a\\nb" ${path}`],
    [
      'target',
      'a b',
      `"a b" is not a build stage's name. Allowed: the name or number of a stage of the Dockerfile: letters, digits and . _ -, starting with a letter or digit. Example: production`,
    ],
    ['platform', 'linux/386', `"linux/386" ${platform}`],
    ['image', 'app', `"app" ${image}`],
    ['image', 'App:1', `"App:1" ${image}`],
    ['image', 'https://ghcr.io/app:1', `"https://ghcr.io/app:1" ${image}`],
    ['image', 'app@sha256:abc', `"app@sha256:abc" ${image}`],
    ['ssm-document', 'AWS-RunShellScript', `"AWS-RunShellScript" ${documentName}`],
    ['ssm-document', 'a b', `"a b" ${documentName}`],
    ['app-name', 'My App', `"My App" ${appName}`],
    ['app-name', 'app-', `"app-" ${appName}`],
    ['app-name', 'a'.repeat(41), `"${'a'.repeat(41)}" ${appName}`],
    ['container-port', '0', `"0" is not a port. ${port} Example: 8000`],
    ['container-port', '8000.5', `"8000.5" is not a port. ${port} Example: 8000`],
    ['container-port', '0x50', `"0x50" is not a port. ${port} Example: 8000`],
    ['host-port', '70000', `"70000" is not a port. ${port} Example: 80`],
    ['host-port', '80,81', `"80,81" is not a port. ${port} Example: 80`],
    ['metrics-port', '0', `"0" is not a port. ${port} Example: 9464`],
    [
      'metrics-port',
      '80',
      `"80" is host-port, too. Allowed: a port other than host-port, with blue-green. Example: 9464`,
    ],
    ['metrics-path', 'metrics', `"metrics" ${metricsPath}`],
    ['metrics-path', '/metrics/', `"/metrics/" ${metricsPath}`],
    ['metrics-path', '/*', `"/*" ${metricsPath}`],
    [
      'metrics-path',
      '/health',
      `"/health" is health-path, too. Allowed: a path other than health-path. Example: /metrics`,
    ],
    ['memory', '5m', `"5m" ${memory}`],
    ['memory', '512', `"512" ${memory}`],
    ['memory', '-1g', `"-1g" ${memory}`],
    ['memory', '1 g', `"1 g" ${memory}`],
    ['memory', '1x', `"1x" ${memory}`],
    ['memory', '99999999g', `"99999999g" ${memory}`],
    ['cpus', '0', `"0" ${cpus}`],
    ['cpus', '0.001', `"0.001" ${cpus}`],
    ['cpus', '1,5', `"1,5" ${cpus}`],
    ['cpus', '1e2', `"1e2" ${cpus}`],
    ['read-only', 'yes', `"yes" ${boolean}`],
    ['read-only', 'tRUE', `"tRUE" ${boolean}`],
    ['read-only', '!!true', `"!!true" ${boolean}`],
    [
      'command',
      `sh -c 'exit`,
      `the quote ' opened at character 7 is never closed. ${words} Example: node server.js --port 8000`,
    ],
    [
      'command',
      '😀 "a',
      `the quote " opened at character 3 is never closed. ${words} Example: node server.js --port 8000`,
    ],
    [
      'migrate-command',
      'a\\',
      `the backslash at the end (character 2) has nothing to quote. ${words} Example: npm run migrate`,
    ],
    ['volumes', 'data', `"data" ${volume}`],
    ['volumes', 'data:relative', `"data:relative" ${volume}`],
    ['volumes', './data:/data', `"./data:/data" ${volume}`],
    ['volumes', 'data:/', `"data:/" ${volume}`],
    ['volumes', 'data:/data:rx', `"data:/data:rx" ${volume}`],
    [
      'strategy',
      'bluegreen',
      `"bluegreen" is not a strategy. Allowed: blue-green or recreate. Example: blue-green`,
    ],
    ['drain-timeout', '5x', `"5x" ${durationRule('from 0s to 1h', '30s')}`],
    ['drain-timeout', '30', `"30" ${durationRule('from 0s to 1h', '30s')}`],
    ['drain-timeout', '1h1s', `"1h1s" ${durationRule('from 0s to 1h', '30s')}`],
    ['drain-timeout', '1s1m', `"1s1m" ${durationRule('from 0s to 1h', '30s')}`],
    ['drain-timeout', '1.5m', `"1.5m" ${durationRule('from 0s to 1h', '30s')}`],
    ['health-timeout', '0s', `"0s" ${durationRule('from 1s to 1h', '60s')}`],
    ['timeout', '9s', `"9s" ${durationRule('from 10s to 6h', '15m')}`],
    ['wait-for-lease', '7h', `"7h" ${durationRule('from 0s to 6h', '10m')}`],
    ['wait-for-instance', '-1s', `"-1s" ${durationRule('from 0s to 6h', '10m')}`],
    ['keep-releases', '0', `"0" ${releases}`],
    ['keep-releases', '51', `"51" ${releases}`],
    ['health-path', 'health', `"health" ${healthPath}`],
    ['health-path', '/a b', `"/a b" ${healthPath}`],
    ['health-path', '/a#b', `"/a#b" ${healthPath}`],
    ['health-path', '/a\tb', `"/a\\tb" ${healthPath}`],
  ];
  it.each(bad)('is refused by name, value and rule: %s %j', (input, value, message) => {
    expect(messageOf({ [input]: value })).toBe(`There is a problem with the inputs:\n- ${input}: ${message}`);
  });

  it('is cut in the message when it is long', () => {
    expect(messageOf({ 'health-path': `x${'😀'.repeat(200)}` })).toContain(
      `\n- health-path: "x${'😀'.repeat(99)}…" is not a path`,
    );
  });
});

describe('metrics-port', () => {
  it('needs the proxy', () => {
    expect(messageOf({ 'metrics-port': '9464', strategy: 'recreate' })).toBe(
      'There is a problem with the inputs:\n- metrics-port: "9464" needs the proxy, which the strategy recreate has not. ' +
        'Allowed: a port other than host-port, with blue-green. Example: 9464',
    );
  });
});

describe('metrics-path', () => {
  it('is none where every path is public', () => {
    expect(inputsOf({ 'metrics-path': 'none' }).container.metricsPath).toBe('');
  });
});

describe('instance-ids', () => {
  const each =
    'Allowed: ids of instances, each once, separated by commas, blanks or lines. Example: i-0123456789abcdef0';
  const bad: [value: string, lines: string[]][] = [
    ['i-123', [`- instance-ids: "i-123" ${instanceId}`]],
    ['I-01234567', [`- instance-ids: "I-01234567" ${instanceId}`]],
    [
      'i-0123456g i-012345678',
      [`- instance-ids: "i-0123456g" ${instanceId}`, `- instance-ids: "i-012345678" ${instanceId}`],
    ],
    [',', [`- instance-ids: has no id in it. ${each}`]],
    ['i-01234567,i-01234567', [`- instance-ids: "i-01234567" is there more than once. ${each}`]],
  ];
  it.each(bad)('%j is refused', (value, lines) => {
    expect(linesOf({ 'instance-ids': value, repository: 'app' }).slice(1)).toEqual(lines);
  });
});

describe('target-tags', () => {
  const tag =
    'is not a tag. Allowed: one NAME=VALUE a line: NAME of 1 to 128 characters, VALUE of up to 256, no "*", "?" or "\\". Example: ec2-deploy:app=my-app';
  it.each(['shop', '=shop', 'app=*', 'app=a?b', 'a\\b=c'])('%j is refused', (value) => {
    const lines = linesOf({ 'stack-name': '', 'target-tags': value, repository: 'app' });
    expect(lines.slice(1)).toEqual([`- target-tags: ${JSON.stringify(value)} ${tag}`]);
  });
});

describe('batch-size', () => {
  const size =
    'is not a number of hosts or a percentage. Allowed: a whole number of hosts from 1 to 1000, or a whole percentage from 1% to 100%. Example: 25%';
  it.each(['0', '0%', '101%', '1001', '-1', '2.5', 'all', '25 %'])('%j is refused', (value) => {
    expect(linesOf({ 'batch-size': value }).slice(1)).toEqual([`- batch-size: "${value}" ${size}`]);
  });
});

describe('what the environment gives', () => {
  it('is the region, when the input is empty', () => {
    expect(inputsOf({}, { ...runner, AWS_DEFAULT_REGION: 'us-east-1' }).region).toBe('eu-central-1');
    expect(inputsOf({}, { ...runner, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-1' }).region).toBe(
      'us-east-1',
    );
    expect(inputsOf({ region: 'us-west-2' }).region).toBe('us-west-2');
  });

  it('is named when it is wrong', () => {
    expect(messageOf({}, { ...runner, AWS_REGION: 'nowhere' })).toContain(
      `\n- region: "nowhere" (from AWS_REGION) ${region}`,
    );
    expect(messageOf({}, { ...runner, AWS_REGION: '', AWS_DEFAULT_REGION: 'local' })).toContain(
      `\n- region: "local" (from AWS_DEFAULT_REGION) ${region}`,
    );
  });

  it('is asked for where nothing says the region', () => {
    expect(messageOf({}, { ...runner, AWS_REGION: '' })).toContain(
      `\n- region: is empty, and so are AWS_REGION and AWS_DEFAULT_REGION. ${region.slice(region.indexOf('Allowed'))}`,
    );
  });

  it("is the app's name, in the form of one", () => {
    const named = (repository: string) => inputsOf({}, { ...runner, GITHUB_REPOSITORY: repository }).appName;
    expect(named('org/My_App.Web')).toBe('my-app-web');
    expect(named('org/.github')).toBe('github');
    expect(named('org/-a--b-')).toBe('a-b');
  });

  it("is no app's name when there is none or it is too long", () => {
    const longest = 'a'.repeat(41);
    expect(messageOf({}, { AWS_REGION: 'eu-central-1' })).toContain(
      `\n- app-name: is empty, and GITHUB_REPOSITORY has no name to take. ${appName.slice(appName.indexOf('Allowed'))}`,
    );
    expect(messageOf({}, { ...runner, GITHUB_REPOSITORY: `org/${longest}` })).toContain(
      `\n- app-name: "${longest}" (from GITHUB_REPOSITORY, "org/${longest}") ${appName}`,
    );
  });
});

describe('inputs that must fit together', () => {
  const together: [given: Given, line: string][] = [
    [
      { 'instance-ids': 'i-01234567', 'stack-name': 'my-app', repository: 'app' },
      '- stack-name, instance-ids and target-tags: stack-name and instance-ids are set. Allowed: exactly one of them. Example: stack-name: my-app',
    ],
    [
      { 'instance-ids': '' },
      '- stack-name, instance-ids and target-tags: none of them is set. Allowed: exactly one of them. Example: stack-name: my-app',
    ],
    [
      { 'instance-ids': 'i-01234567' },
      `- repository: is empty, and without stack-name there is no stack to read it from. ${repository.slice(repository.indexOf('Allowed'))}`,
    ],
    [
      { image: 'app:1', context: 'b', platform: 'linux/amd64' },
      '- image: is set together with context and platform, but an image that exists is not built. Allowed: image, or inputs of the build (context, dockerfile, target, build-args and platform), not both. Example: my-app:1.4.2',
    ],
    [
      { 'health-timeout': '15m' },
      '- health-timeout: "15m" is not shorter than timeout, which is "15m". Allowed: a duration below that of timeout. Example: 60s',
    ],
    [
      { 'health-timeout': '120s', timeout: '2m' },
      '- health-timeout: "120s" is not shorter than timeout, which is "2m". Allowed: a duration below that of timeout. Example: 60s',
    ],
    [
      { volumes: 'a1:/data\n/b:/data:ro' },
      `- volumes: "/data" is the target of more than one volume. ${volume.slice(volume.indexOf('Allowed'))}`,
    ],
    [
      { env: 'A=1\nB=2', secrets: 'B=/b' },
      '- secrets: B is set in env, too. Allowed: each name in one of env and secrets. Example: DATABASE_URL=/my-app/database-url',
    ],
    [
      { env: 'EC2_DEPLOY_APP=x' },
      '- env: EC2_DEPLOY_APP is one of the names that this action keeps for itself. Allowed: names that do not start with EC2_DEPLOY_. Example: APP_LOG_LEVEL=info',
    ],
    [
      { secrets: 'EC2_DEPLOY_APP=/x' },
      '- secrets: EC2_DEPLOY_APP is one of the names that this action keeps for itself. Allowed: names that do not start with EC2_DEPLOY_. Example: APP_LOG_LEVEL=info',
    ],
  ];
  it.each(together)('%j', (given, line) => {
    expect(messageOf(given)).toBe(`There is a problem with the inputs:\n${line}`);
  });

  it('need no repository when nothing is built', () => {
    expect(inputsOf({ 'instance-ids': 'i-01234567', image: 'app:1' }).repository).toBe('');
  });

  it('may name the context that is the default beside an image', () => {
    expect(inputsOf({ image: 'app:1', context: '.' }).image).toEqual({ kind: 'existing', image: 'app:1' });
  });
});

it('names every problem at once', () => {
  const lines = linesOf(
    {
      'instance-ids': 'i-1',
      'stack-name': '-',
      image: 'App',
      target: 'x',
      env: 'NAME',
      secrets: 'A=a b',
      'container-port': '70000',
      'health-timeout': '5x',
      memory: '1',
      strategy: 'canary',
    },
    {},
  );
  const named = lines.slice(1).map((line) => line.replace(/^- ([a-z, -]+): .*$/, '$1'));
  expect(lines[0]).toBe('There are 13 problems with the inputs:');
  expect(named.toSorted()).toEqual([
    'app-name',
    'container-port',
    'env',
    'health-timeout',
    'image',
    'image',
    'instance-ids',
    'memory',
    'region',
    'secrets',
    'stack-name',
    'stack-name, instance-ids and target-tags',
    'strategy',
  ]);
});
