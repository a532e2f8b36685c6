// The account of the worker's cloud.
import type { Access } from '../../../testbed/cloud/account.ts';
import { accessTo } from '../../../testbed/cloud/lifecycle.ts';
import { testCloud } from './name.ts';

export const access: Access = await accessTo(testCloud);

/** The repository that every cloud has. */
export const repository = 'local-app';
