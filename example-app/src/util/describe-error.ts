/** One line that says what went wrong, with the causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors : error.cause ? [error.cause] : [];
  // An AggregateError of the net module has no message of its own.
  return [error.message, ...causes.map(describeError)].filter(Boolean).join(': ');
}
