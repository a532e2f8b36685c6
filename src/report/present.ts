import { info, setOutput, summary } from '@actions/core';
import type { Result } from '../facts.ts';
import { writeOutputs } from '../outputs.ts';
import { headline, renderSummary } from './summary.ts';

/** GitHub aborts the upload of a summary over 1 MiB; what is cut here is the end of a very long log. */
const longestSummary = 900_000;

/** Shows how a deploy ended: outputs, job summary and log. */
export async function present(result: Result): Promise<void> {
  writeOutputs(result.outputs, setOutput);
  const { dossier, notes, report } = result;
  const story = { report, url: result.outputs.url, dossier, notes };
  await summary.addRaw(renderSummary(story).slice(0, longestSummary), true).write();
  for (const line of logLines(result)) info(line);
}

/** The text of the annotation of a deploy that failed: the verdict, the cause, and what shows it. */
export function failureText({ reason, dossier, report }: Result): string {
  const cause = dossier?.diagnosis ?? reason;
  const told = cause.toLowerCase().includes(reason.toLowerCase());
  return [`${report.app}: ${headline(report)}. ${cause}`, ...(told ? [] : [reason])].join('\n');
}

function logLines({ dossier, outputs, report }: Result): string[] {
  return [
    ...(dossier === undefined ? [] : dossier.facts.map((fact) => `  ${fact}`)),
    ...(dossier === undefined || dossier.log === ''
      ? []
      : ['The last lines of the container:', indent(dossier.log)]),
    `${report.app}: ${headline(report)} (${report.durationSeconds} s) ${outputs.url}`,
  ];
}

/** Indented, so that the runner does not take a line of the container for a workflow command. */
function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  | ${line}`)
    .join('\n');
}
