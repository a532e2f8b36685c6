import { readConfig } from './config.ts';

/** For the image's HEALTHCHECK: exits 0 if the app in the same container answers. */
const { port } = readConfig(process.env);
const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) });
process.exitCode = response.ok ? 0 : 1;
