import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostDocumentTemplate } from '../../scripts/host-document.ts';
import { hostProgram } from '../../src/host/program.ts';

const template = readFileSync('infra-template/host-document.yaml', 'utf8');

test('the template holds the host program of now', async () => {
  expect(template, 'run "npm run build" and commit infra-template/').toBe(
    hostDocumentTemplate(await hostProgram()),
  );
});

test('the template is as small as CloudFormation takes one', () => {
  expect(Buffer.byteLength(template)).toBeLessThan(51_200);
});

test('the program has no braces in it that Systems Manager would replace', async () => {
  expect(await hostProgram()).not.toMatch(/\{\{|\$\$/);
});
