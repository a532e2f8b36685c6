// Nothing is imported before the signals are waited for: as process 1 of a container, a process that has no handler yet
// does not see a signal at all, and what is imported below takes a while.
let stop: (signal: NodeJS.Signals) => Promise<void> = async () => undefined;

async function end(signal: NodeJS.Signals): Promise<void> {
  await stop(signal);
  process.exit(0);
}

// Once: a second signal ends the process at once, as it does by default.
process.once('SIGTERM', end);
process.once('SIGINT', end);

try {
  const { start } = await import('./start.ts');
  stop = await start(process.env);
} catch (error) {
  // A wrong setting needs no stack trace.
  console.error(error instanceof Error && error.name === 'ConfigError' ? error.message : error);
  process.exit(1);
}

export {};
