import { describe, expect, it } from 'vitest';
import { nothingKnown, type Outputs, writeOutputs } from '../../src/outputs.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

const deployed: Outputs = {
  verdict: 'deployed',
  release: '20261123-1',
  previousRelease: '20261122-7',
  image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@${digest}`,
  imageDigest: digest,
  instanceIds: ['i-01234567', 'i-0123456789abcdef0'],
  url: 'http://203.0.113.5/',
  commandIds: ['2b6f1a3c', '9d0e'],
  durationSeconds: 41.7,
  report: {
    app: 'my-app',
    verdict: 'deployed',
    release: '20261123-1',
    previousRelease: '20261122-7',
    digest,
    strategy: 'blue-green',
    hosts: [{ instanceId: 'i-01234567', steps: [{ name: 'pull', milliseconds: 812 }] }],
    durationSeconds: 41.7,
  },
};

function written(outputs: Outputs): Record<string, string> {
  const texts: Record<string, string> = {};
  writeOutputs(outputs, (name, value) => {
    expect(texts).not.toHaveProperty(name);
    texts[name] = value;
  });
  return texts;
}

describe('the outputs', () => {
  it('are texts that the next step can read', () => {
    const { report, ...others } = written(deployed);
    expect(others).toEqual({
      verdict: 'deployed',
      release: '20261123-1',
      'previous-release': '20261122-7',
      image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@${digest}`,
      'image-digest': digest,
      'instance-ids': 'i-01234567,i-0123456789abcdef0',
      url: 'http://203.0.113.5/',
      'command-ids': '2b6f1a3c,9d0e',
      'duration-seconds': '42',
    });
    expect(JSON.parse(report ?? '')).toEqual(deployed.report);
  });

  it('are all set, even when nothing is known', () => {
    expect(written(nothingKnown)).toEqual({
      verdict: 'failed',
      release: '',
      'previous-release': '',
      image: '',
      'image-digest': '',
      'instance-ids': '',
      url: '',
      'command-ids': '',
      'duration-seconds': '0',
      report: '',
    });
  });

  it('have the account id in none but the image', () => {
    const { image, ...others } = written(deployed);
    expect(image).toContain('123456789012');
    expect(JSON.stringify(others)).not.toContain('123456789012');
  });
});
