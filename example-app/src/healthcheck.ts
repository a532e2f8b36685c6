import { get } from 'node:http';
import { readPort } from './config.ts';
import { describeError } from './util/describe-error.ts';

/** Half of what the image's HEALTHCHECK gives it; on a busy machine the other half goes into starting this program. */
const ANSWER_MILLISECONDS = 5_000;

/** Settles when the app answers 200. @throws Error that says what came instead. */
function ask(url: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = get(url, { agent: false }, ({ statusCode }) => {
    if (statusCode === 200) resolve();
    else reject(new Error(`it answered ${statusCode}`));
    request.destroy();
  });
  request.on('error', reject);
  // Of the whole answer: a socket's own time-out begins anew with every byte.
  const outOfTime = () =>
    request.destroy(new Error(`no answer within ${ANSWER_MILLISECONDS / 1000} seconds`));
  setTimeout(outOfTime, ANSWER_MILLISECONDS).unref();
  return promise;
}

/** For the image's HEALTHCHECK: exits 0 if the app in the same container answers, otherwise 1 with one line that says why. */
async function main(): Promise<number> {
  try {
    await ask(`http://127.0.0.1:${readPort(process.env)}/health`);
    return 0;
  } catch (error) {
    console.error(`not healthy: ${describeError(error)}`);
    return 1;
  }
}

process.exitCode = await main();
