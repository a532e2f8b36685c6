// The rules of the local cloud's load balancer: they are those of AWS, by which hosts of a fleet get requests.
import { describe, expect, test } from 'vitest';
import {
  afterCheck,
  type CheckSettings,
  isExpected,
  newTarget,
  type Target,
  targetsOfTraffic,
} from '../../testbed/balancers/checks.ts';
import { find, membersOf, parseXml, textOf, writeXml } from '../../testbed/front/xml.ts';

const settings: CheckSettings = {
  path: '/health',
  port: 80,
  intervalMs: 10_000,
  timeoutMs: 5000,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  codes: '200-299',
};

/** The states of a target, check after check: `+` passes, `-` fails. */
function states(checks: string): string[] {
  let target = newTarget('i-1');
  return [...checks].map((check) => {
    target = afterCheck(target, check === '+' ? undefined : 'refused', settings);
    return target.state;
  });
}

function target(instanceId: string, state: Target['state']): Target {
  return { ...newTarget(instanceId), state };
}

describe('a target', () => {
  test.each([
    ['--+', ['initial', 'initial', 'healthy']],
    ['+--+--', Array(6).fill('healthy')],
    ['+---+', ['healthy', 'healthy', 'healthy', 'unhealthy', 'unhealthy']],
    ['---+++', ['initial', 'initial', 'unhealthy', 'unhealthy', 'healthy', 'healthy']],
  ])('that is checked %s is %j', (checks, expected) => {
    expect(states(checks)).toEqual(expected);
  });

  test('gets requests when it is healthy, and not before', () => {
    const targets = [target('a', 'initial'), target('b', 'healthy'), target('c', 'unhealthy')];
    expect(targetsOfTraffic(targets)).toEqual([targets[1]]);
    expect(targetsOfTraffic([target('a', 'initial')])).toEqual([]);
  });

  test('gets requests when all are unhealthy: it may be the check that is wrong', () => {
    const targets = [target('a', 'unhealthy'), target('b', 'unhealthy')];
    expect(targetsOfTraffic(targets)).toEqual(targets);
  });
});

test.each([
  [200, '200', true],
  [204, '200', false],
  [204, '200-299', true],
  [301, '200,301', true],
  [500, '200-299,301', false],
])('a status %i is one of %s: %s', (status, codes, expected) => {
  expect(isExpected(status, codes)).toBe(expected);
});

describe('XML of query services', () => {
  const xml = `<?xml version='1.0'?><Answer xmlns="urn:x"><Groups><member><Name>a &amp; b</Name><Arns><member>one</member>
    <member>two</member></Arns><Empty/></member><member><Name>c</Name></member></Groups></Answer>`;

  test('is read with its lists', () => {
    const groups = find(parseXml(xml), 'Groups').children;
    expect(groups.map((group) => textOf(group, 'Name'))).toEqual(['a & b', 'c']);
    expect(groups.map((group) => membersOf(group, 'Arns').map(({ text }) => text))).toEqual([
      ['one', 'two'],
      [],
    ]);
    expect(textOf(find(parseXml(xml), 'Arns'), 'Name')).toBe('');
  });

  test('is written as it is read', () => {
    expect(writeXml({ Groups: [{ Name: 'a & b', Left: undefined }, { Name: 'c' }], Count: 2 })).toBe(
      '<Groups><member><Name>a &amp; b</Name></member><member><Name>c</Name></member></Groups><Count>2</Count>',
    );
  });
});
