import { formatDuration, parseDuration } from './durations.ts';

/** What an input's text may look like, in words and as a parser. */
export interface Form<T> {
  /** Ends the sentence `"…" is not …`. */
  noun: string;
  allowed: string;
  example: string;
  /** @returns undefined for a text that is not allowed */
  parse(text: string): T | undefined;
}

function matching(pattern: RegExp, longest = 4096): (text: string) => string | undefined {
  return (text) => (text.length <= longest && pattern.test(text) ? text : undefined);
}

function oneOf<T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text);
}

/** A whole number from least to most. */
export function wholeNumber(noun: string, least: number, most: number, example: string): Form<number> {
  return {
    noun,
    allowed: `a whole number from ${least} to ${most}`,
    example,
    parse: (text) => (/^\d{1,15}$/.test(text) ? within(Number(text), least, most) : undefined),
  };
}

/** A duration from least to most, both in seconds. */
export function duration(least: number, most: number, example: string): Form<number> {
  const range = `from ${formatDuration(least)} to ${formatDuration(most)}`;
  return {
    noun: `a duration ${range}`,
    allowed: `hours, minutes and seconds with their units (h, m, s), ${range}`,
    example,
    parse: (text) => within(parseDuration(text), least, most),
  };
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

/** As CloudFormation has it: CreateStack, StackName. */
export const stackName: Form<string> = {
  noun: "a stack's name",
  allowed: 'up to 128 letters, digits and hyphens, starting with a letter',
  example: 'my-app',
  parse: matching(/^[a-zA-Z][a-zA-Z0-9-]*$/, 128),
};

export const instanceId: Form<string> = {
  noun: 'an instance id',
  allowed: '"i-" and 8 or 17 of the characters 0-9 and a-f',
  example: 'i-0123456789abcdef0',
  parse: matching(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/),
};

export const region: Form<string> = {
  noun: "a region's code",
  allowed:
    "an AWS region's code, in the input region or in the environment as AWS_REGION or AWS_DEFAULT_REGION",
  example: 'eu-central-1',
  parse: matching(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, 32),
};

/** As Systems Manager has it (CreateDocument, Name), without the names that belong to AWS. */
export const documentName: Form<string> = {
  noun: "an SSM document's name",
  allowed: '3 to 128 letters, digits and . _ -, not starting with aws, amazon or amzn',
  example: 'my-app-ec2-deploy',
  parse: matching(/^(?!aws|amazon|amzn)[a-zA-Z0-9_.-]{3,128}$/i),
};

export const releaseId: Form<string> = {
  noun: "a release's id",
  allowed: 'the id of a release as a deploy tells it, or nothing for the one that served before',
  example: 'r41-3f9c2a',
  parse: matching(/^r[1-9]\d{0,9}-[0-9a-f]{6}$/),
};

/** As EC2 has it (CreateTags, Tag), without the characters that its filters take for wildcards. */
export const tag: Form<{ name: string; value: string }> = {
  noun: 'a tag',
  allowed: 'one NAME=VALUE a line: NAME of 1 to 128 characters, VALUE of up to 256, no "*", "?" or "\\"',
  example: 'ec2-deploy:app=my-app',
  parse: (text) => {
    const [, name, value] = /^([^=*?\\\p{Cc}]{1,128})=([^*?\\\p{Cc}]{0,256})$/u.exec(text) ?? [];
    return name === undefined || value === undefined ? undefined : { name, value };
  },
};

const repositoryName = matching(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 256);

/** As ECR has it (CreateRepository, repositoryName), without the registry's host that people paste with it. */
export const repository: Form<string> = {
  noun: "an ECR repository's name",
  allowed:
    "the name alone, without the registry's host and without a tag: 2 to 256 lower-case letters, digits and . _ - /",
  example: 'team/my-app',
  parse: (text) =>
    text.length >= 2 && !/^[^/]*\.dkr[.-]ecr[^/]*\//.test(text) ? repositoryName(text) : undefined,
};

/** A folder or file of the checkout; an address or an option of docker's would not be one. */
export const path: Form<string> = {
  noun: 'a path in the checkout',
  allowed: 'a path without control characters that does not start with "-" and is not a URL',
  example: './backend',
  parse: matching(/^(?!-)(?!.*:\/\/)\P{Cc}+$/u),
};

export const stage: Form<string> = {
  noun: "a build stage's name",
  allowed:
    'the name or number of a stage of the Dockerfile: letters, digits and . _ -, starting with a letter or digit',
  example: 'production',
  parse: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 128),
};

export const platform: Form<string> = {
  noun: 'a platform',
  allowed: "linux/amd64, linux/arm64, or nothing for the host's own",
  example: 'linux/arm64',
  parse: oneOf(['linux/amd64', 'linux/arm64']),
};

const domain =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?';
const segment = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const identification = ':\\w[\\w.-]{0,127}|(?::\\w[\\w.-]{0,127})?@sha256:[0-9a-f]{64}';

/** As docker has it, with the tag or the digest that says which image is meant. */
export const image: Form<string> = {
  noun: 'an image with a tag or a digest',
  allowed: 'NAME:TAG or NAME@sha256:DIGEST (64 of the characters 0-9 and a-f)',
  example: 'my-app:1.4.2',
  parse: matching(new RegExp(`^(?:${domain}/)?${segment}(?:/${segment})*(?:${identification})$`), 512),
};

export const appName: Form<string> = {
  noun: "an app's name",
  allowed: '1 to 40 lower-case letters, digits and hyphens, with a letter or digit first and last',
  example: 'my-app',
  parse: matching(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
};

export const port = (example: string): Form<number> => wholeNumber('a port', 1, 65_535, example);

const unitBytes: Record<string, number> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const leastMemory = 6 * 2 ** 20;
const mostMemory = 32 * 2 ** 40;

/** As `docker run --memory` takes it: docker's own least value, and the memory of the largest instance. */
export const memory: Form<string> = {
  noun: 'an amount of memory',
  allowed: 'a number with a unit (b, k, m or g), from 6m to 32768g',
  example: '512m',
  parse: (text) => (within(bytes(text), leastMemory, mostMemory) === undefined ? undefined : text),
};

function bytes(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([bkmg]?)$/i.exec(text) ?? [];
  const factor = unitBytes[unit?.toLowerCase() ?? ''];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** As `docker run --cpus` takes it: its least value is 0.01, its precision a billionth. */
export const cpus: Form<string> = {
  noun: 'a number of processors',
  allowed: 'a decimal number of at least 0.01',
  example: '1.5',
  parse: (text) => (/^\d{1,5}(?:\.\d{1,9})?$/.test(text) && Number(text) >= 0.01 ? text : undefined),
};

/** The booleans of YAML 1.2's core schema, so that a typo never becomes a value. */
export const boolean: Form<boolean> = {
  noun: 'true or false',
  allowed: 'true or false',
  example: 'true',
  parse: (text) => {
    if (/^(?:true|True|TRUE)$/.test(text)) return true;
    return /^(?:false|False|FALSE)$/.test(text) ? false : undefined;
  },
};

export const strategy: Form<'blue-green' | 'recreate'> = {
  noun: 'a strategy',
  allowed: 'blue-green or recreate',
  example: 'blue-green',
  parse: oneOf(['blue-green', 'recreate']),
};

/** A whole number of hosts, or percent of them. */
export const batchSize: Form<{ unit: 'hosts' | 'percent'; amount: number }> = {
  noun: 'a number of hosts or a percentage',
  allowed: 'a whole number of hosts from 1 to 1000, or a whole percentage from 1% to 100%',
  example: '25%',
  parse: (text) => {
    const [, digits = '', sign] = /^([1-9]\d{0,3})(%?)$/.exec(text) ?? [];
    const unit = sign === '%' ? 'percent' : 'hosts';
    const amount = within(Number(digits), 1, unit === 'percent' ? 100 : 1000);
    return amount === undefined ? undefined : { unit, amount };
  },
};

/** The characters of RFC 3986's path and query; a fragment never reaches a server. */
export const healthPath: Form<string> = {
  noun: 'a path of the app',
  allowed:
    'a path that starts with "/", without spaces, control characters or "#"; other characters than those of a URL percent-encoded',
  example: '/health',
  parse: matching(/^\/[a-zA-Z0-9\-._~!$&'()*+,;=:@/?%]*$/),
};

/** A path that the proxy can compare; the empty one is for none. */
export const metricsPath: Form<string> = {
  noun: 'a path of the app',
  allowed: 'a path of letters, digits and . _ ~ - /, which starts with "/" and does not end with it, or none',
  example: '/metrics',
  parse: (text) => (text === 'none' ? '' : matching(/^(?:\/[a-zA-Z0-9._~-]+)+$/)(text)),
};

/** As `docker run --volume` takes it; the target must be absolute, the source a path or a volume's name. */
export const volume: Form<string> = {
  noun: 'a volume',
  allowed:
    'one SOURCE:TARGET, SOURCE:TARGET:ro or SOURCE:TARGET:rw a line; SOURCE an absolute path or the name of a volume, TARGET an absolute path other than "/"',
  example: 'uploads:/app/uploads',
  parse: matching(/^(?:\/[^:\p{Cc}]*|[a-zA-Z0-9][a-zA-Z0-9_.-]+):\/(?!\/*(?::|$))[^:\p{Cc}]+(?::r[ow])?$/u),
};
