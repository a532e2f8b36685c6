/** How the job stands when a condition is asked. */
export type JobStatus = 'success' | 'failure' | 'cancelled';

/**
 * Evaluates a `post-if` condition: `always()`, `success()`, `failure()`, `cancelled()`, joined by `!`, `&&` and `||`.
 * @throws Error for anything else, since guessing would hide that `post` never runs
 */
export function conditionHolds(expression: string, status: JobStatus): boolean {
  const inner = expression.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  return inner.split('||').some((side) => side.split('&&').every((term) => termHolds(term.trim(), status)));
}

function termHolds(term: string, status: JobStatus): boolean {
  if (term.startsWith('!')) return !termHolds(term.slice(1).trim(), status);
  if (term === 'always()') return true;
  const match = /^(success|failure|cancelled)\(\)$/.exec(term);
  if (match === null) throw new Error(`This runner cannot evaluate the condition '${term}' in post-if.`);
  return match[1] === status;
}
