import type { Report } from '../outputs.ts';
import type { Dossier } from './dossier.ts';

/** What the job summary shows. */
export interface Story {
  report: Report;
  url: string;
  dossier: Dossier | undefined;
  notes: string[];
}

const marks = { deployed: '✅', unchanged: '🟰', 'rolled-back': '↩️', failed: '❌' } as const;

/** The job summary, as GitHub's Markdown. Headings start at the third level, since a job has several summaries. */
export function renderSummary(story: Story): string {
  const { report } = story;
  return [
    `### ${marks[report.verdict]} ${report.app}: ${headline(report)}`,
    ...(report.reason === undefined ? [] : [quote(report.reason)]),
    table(['', ''], overview(story)),
    ...renderDossier(story.dossier),
    ...story.notes.map(quote),
    ...renderSteps(report),
  ].join('\n\n');
}

/** The verdict in a sentence. */
export function headline({ verdict, release, previousRelease, gapMilliseconds }: Report): string {
  const gap = gapMilliseconds === undefined ? '' : ` (nothing answered for ${gapMilliseconds} ms)`;
  switch (verdict) {
    case 'deployed':
      return `${release} serves${gap}`;
    case 'unchanged':
      return `unchanged, ${release} serves already`;
    case 'rolled-back':
      return `${release} was refused, ${previousRelease} serves${gap}`;
    case 'failed':
      return 'failed';
  }
}

function overview({ report, url }: Story): string[][] {
  const rows: [string, string][] = [
    ['Verdict', `**${report.verdict}**`],
    ['Release', code(report.release)],
    ['Release before', code(report.previousRelease)],
    ['Image', code(report.digest)],
    ['Strategy', report.strategy],
    ['Gap', report.gapMilliseconds === undefined ? '' : `${report.gapMilliseconds} ms`],
    ['Address', url],
    ['Took', `${report.durationSeconds} s`],
  ];
  return rows.filter(([, value]) => value !== '');
}

function renderDossier(dossier: Dossier | undefined): string[] {
  if (dossier === undefined) return [];
  return [
    '#### Why',
    escapeHtml(dossier.diagnosis),
    dossier.facts.map((line) => `- ${escapeHtml(line.replaceAll('\n', ' '))}`).join('\n'),
    ...(dossier.log === '' ? [] : [details('Last lines of the container', preformatted(dossier.log))]),
  ];
}

function renderSteps({ hosts }: Report): string[] {
  const rows = hosts.flatMap(({ instanceId, steps }) =>
    steps.map(({ name, milliseconds }) => [code(instanceId), name, `${milliseconds} ms`]),
  );
  return rows.length === 0 ? [] : [details('Steps on the host', table(['Host', 'Step', 'Time'], rows))];
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** As HTML, since no fence is safe from a log that holds one. */
function preformatted(text: string): string {
  return `<pre>${escapeHtml(text.trimEnd())}</pre>`;
}

function quote(text: string): string {
  return escapeHtml(text)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
