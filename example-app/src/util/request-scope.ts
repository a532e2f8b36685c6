import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the request that the running code works for, so that every line it logs can carry it. */
export const requestScope = new AsyncLocalStorage<string>();
