// What an app's owner keeps in Secrets Manager.
import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../../testbed/cloud/account.ts';
import { access } from './cloud.ts';

const secretsManager = new SecretsManagerClient(clientSettings(access));

/**
 * Creates a secret, under a name that none has unless one is given.
 * @returns its ARN
 */
export async function createSecret(value: string, name = `test/${randomUUID()}`): Promise<string> {
  const { ARN } = await secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: value }));
  if (ARN === undefined) throw new Error('Secrets Manager returned no ARN');
  return ARN;
}

/** Gives a secret a new value. */
export async function changeSecret(arn: string, value: string): Promise<void> {
  await secretsManager.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value }));
}
