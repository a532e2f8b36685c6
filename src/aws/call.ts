import { Problem } from '../problem.ts';

/** What every AWS client of the action is made with. */
export function clientSettings(region: string) {
  return {
    region,
    maxAttempts: 5,
    retryMode: 'standard',
    customUserAgent: 'ec2-deploy-action',
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
  } as const;
}

/**
 * Runs one call and explains what went wrong in the words of who has to mend it.
 * @param action as IAM names it, `ssm:SendCommand`
 * @param subject what the call is about, for the message
 * @throws Problem for missing credentials or rights, for an endpoint that does not answer and for a service in trouble; other errors
 * under the name that AWS gave them, with the action in their message
 */
export async function call<Answer>(
  action: string,
  subject: string,
  send: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw explain(action, subject, error);
  }
}

/** Whether an error is one that AWS gave this name, the way of the SDK to tell them apart. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

const denied = ['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'UnauthorizedException'];
const noCredentials = ['CredentialsProviderError'];
const badCredentials = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'AuthFailure',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
];
const throttled = ['ThrottlingException', 'Throttling', 'RequestLimitExceeded', 'TooManyRequestsException'];
const unreachable = ['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'];

function explain(action: string, subject: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const text = explanation(action, subject, error);
  if (text !== undefined) return new Problem(`${text} AWS said: ${error.message}`, { cause: error });
  error.message = `${action} on ${subject} failed: ${error.message}`;
  return error;
}

function explanation(action: string, subject: string, error: Error): string | undefined {
  if (isNamed(error, ...denied)) {
    return `The workflow's role may not call ${action} on ${subject}. Add the action to its policy (README, "The exact IAM policy").`;
  }
  if (isNamed(error, ...noCredentials)) {
    return 'There are no AWS credentials. Add aws-actions/configure-aws-credentials before this step, and `permissions: id-token: write` to the job.';
  }
  if (isNamed(error, ...badCredentials)) {
    return 'AWS does not accept the credentials of this job; they are wrong or have expired. Look at the step that configures them.';
  }
  if (isNamed(error, ...throttled)) {
    return `AWS refused ${action} on ${subject} five times because of too many requests. Run the job again later.`;
  }
  if (isUnreachable(error)) {
    return `${action} did not get through to AWS. Check the input region and the runner's network.`;
  }
  if ('$fault' in error && error.$fault === 'server') {
    return `AWS could not do ${action} on ${subject}, five times. Look at health.aws.amazon.com, and run the job again later.`;
  }
  return undefined;
}

function isUnreachable(error: Error): boolean {
  return (
    isNamed(error, 'TimeoutError') || ('code' in error && unreachable.some((code) => code === error.code))
  );
}
