import { describe, expect, test } from 'vitest';
import { renderSummary, type Story } from '../../src/report/summary.ts';

const story: Story = {
  report: {
    app: 'shop',
    verdict: 'deployed',
    release: 'r2-bbbbbb',
    previousRelease: 'r1-aaaaaa',
    digest: 'sha256:bb',
    strategy: 'blue-green',
    hosts: [{ instanceId: 'i-12345678', steps: [{ name: 'pull', milliseconds: 812 }] }],
    durationSeconds: 31,
  },
  url: 'http://203.0.113.7',
  dossier: undefined,
  notes: [],
};

describe('the job summary', () => {
  test('names the verdict, the releases and each step', () => {
    const summary = renderSummary(story);

    expect(summary).toContain('### ✅ shop: r2-bbbbbb serves');
    expect(summary).toContain('| Release before | `r1-aaaaaa` |');
    expect(summary).toContain('| Took | 31 s |');
    expect(summary).toContain('| `i-12345678` | pull | 812 ms |');
  });

  test('states the gap of a strategy that has one', () => {
    const summary = renderSummary({ ...story, report: { ...story.report, gapMilliseconds: 1550 } });

    expect(summary).toContain('r2-bbbbbb serves (nothing answered for 1550 ms)');
    expect(summary).toContain('| Gap | 1550 ms |');
  });

  test('tells why a release was refused, and which one serves', () => {
    const summary = renderSummary({
      ...story,
      report: { ...story.report, verdict: 'rolled-back', reason: 'the container ended.' },
      dossier: { diagnosis: 'It crashed.', facts: ['Exit code: 1'], log: 'Error: no database' },
    });

    expect(summary).toContain('### ↩️ shop: r2-bbbbbb was refused, r1-aaaaaa serves');
    expect(summary).toContain('It crashed.');
    expect(summary).toContain('- Exit code: 1');
    expect(summary).toContain('<pre>Error: no database</pre>');
  });

  test("shows a container's lines as text, whatever they hold", () => {
    const log = '</pre><img src=x>\n```\n::warning::x';
    const summary = renderSummary({ ...story, dossier: { diagnosis: '', facts: [], log } });

    expect(summary).toContain('&lt;/pre&gt;&lt;img src=x&gt;\n```');
    expect(summary).not.toContain('<img');
  });
});
