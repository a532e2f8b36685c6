// The evaluator that policies are asked by: as IAM decides, and never by guessing.
import { describe, expect, test } from 'vitest';
import { grantsOf, isAllowed, matches, type Statement } from '../support/iam.ts';

const read: Statement = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::shop/*' };
const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::shop/a' };

describe('a decision', () => {
  test('is no, unless a statement allows it', () => {
    expect(isAllowed([], request)).toBe(false);
    expect(isAllowed([read], request)).toBe(true);
    expect(isAllowed([read], { ...request, action: 's3:PutObject' })).toBe(false);
    expect(isAllowed([read], { ...request, resource: 'arn:aws:s3:::shop-2/a' })).toBe(false);
  });

  test('is no, when a statement denies it', () => {
    const deny: Statement = { Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::shop/secret*' };

    expect(isAllowed([read, deny], request)).toBe(true);
    expect(isAllowed([read, deny], { ...request, resource: 'arn:aws:s3:::shop/secret-1' })).toBe(false);
  });

  test('does not mind capitals in actions, and does in resources', () => {
    expect(isAllowed([read], { ...request, action: 'S3:getobject' })).toBe(true);
    expect(isAllowed([read], { ...request, resource: 'arn:aws:s3:::Shop/a' })).toBe(false);
  });

  test.each([
    ['StringEquals', 'main', 'main', true],
    ['StringEquals', ['next', 'main'], 'main', true],
    ['StringEquals', 'ma*', 'main', false],
    ['StringEquals', 'main', undefined, false],
    ['StringLike', 'ma*', 'main', true],
    ['StringLike', 'ma?', 'main', false],
    ['ArnLike', 'arn:aws:iam::*:role/shop', 'arn:aws:iam::1:role/shop', true],
    ['ArnLike', 'arn:aws:*:role/shop', 'arn:aws:iam::1:role/shop', false],
    ['ArnEquals', 'arn:aws:iam::1:role/shop', 'arn:aws:iam::1:role/shop-2', false],
    ['Bool', 'true', 'false', false],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'anything', false],
    ['Null', 'false', 'anything', true],
  ])('by %s %j of %j is %s', (operator, wanted, value, decision) => {
    const statement = { ...read, Condition: { [operator]: { 'a:key': wanted } } };
    const context = value === undefined ? {} : { 'a:key': value };

    expect(isAllowed([statement], { ...request, context })).toBe(decision);
  });

  test('needs every key of every operator', () => {
    const Condition = { StringEquals: { 'a:one': '1', 'a:two': '2' }, StringLike: { 'a:three': '3*' } };
    const context = { 'a:one': '1', 'a:two': '2', 'a:three': '33' };

    expect(isAllowed([{ ...read, Condition }], { ...request, context })).toBe(true);
    for (const key of Object.keys(context)) {
      expect(isAllowed([{ ...read, Condition }], { ...request, context: { ...context, [key]: 'x' } })).toBe(
        false,
      );
    }
  });
});

describe('what has no rule', () => {
  test.each([
    ['an element', { ...read, NotAction: 's3:PutObject' }],
    ['an operator', { ...read, Condition: { 'ForAllValues:StringLike': { 'a:key': 'x' } } }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own placeholder
    ['a policy variable', { ...read, Resource: 'arn:aws:s3:::shop/${aws:username}' }],
  ])('is an error: %s', (_, statement) => {
    expect(() => isAllowed([statement], request)).toThrow('no rule here');
  });

  test('a list of what is allowed cannot have what is denied', () => {
    expect(() => grantsOf([{ ...read, Effect: 'Deny' }])).toThrow('no Deny');
  });
});

test('a pattern has no other wildcards than the two', () => {
  expect(matches('a.c', 'a.c')).toBe(true);
  expect(matches('abc', 'a.c')).toBe(false);
  expect(matches('a/b:c', 'a*c')).toBe(true);
  expect(matches('ac', 'a?c')).toBe(false);
});
