import { get } from 'node:http';

/** What example-app says of itself at `/`. */
export interface AppAnswer {
  status: number;
  body: string;
  /** The version that its image was built as; empty when the answer is not the app's. */
  version: string;
}

/** Asks the app who it is; undefined when nothing answers. */
export function askApp(address: string): Promise<AppAnswer | undefined> {
  const { promise, resolve } = Promise.withResolvers<AppAnswer | undefined>();
  const request = get(`http://${address}/`, { agent: false, timeout: 5000 }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('error', () => resolve(undefined));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body, version: versionIn(body) }));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(undefined));
  return promise;
}

/** The version in the body of an answer; empty when there is none. */
export function versionIn(body: string): string {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'version' in answer ? String(answer.version) : '';
  } catch {
    return '';
  }
}
