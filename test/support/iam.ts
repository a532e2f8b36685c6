// What IAM decides, as far as the templates of this repository use its language. Whatever else a policy says is an error,
// so that nothing is taken for granted that was never looked at.

/** One statement of a policy, its values worked out. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  Principal?: Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** One thing that somebody wants to do to one resource. */
export interface Request {
  /** As IAM names it, `ssm:SendCommand`. */
  action: string;
  /** The resource's ARN; `*` for an action that knows no resources. */
  resource: string;
  /** The values of condition keys that the request has. */
  context?: Record<string, string>;
}

const known = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

type Compare = (value: string, wanted: string) => boolean;

const operators: Record<string, Compare> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => matches(value, wanted),
  ArnLike: matchesArn,
  ArnEquals: matchesArn,
  Bool: (value, wanted) => value === wanted,
};

/**
 * Whether the statements allow a request: one allows it, and none denies it.
 * @throws Error when a statement has an element or a condition that has no rule here
 */
export function isAllowed(statements: readonly Statement[], request: Request): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

/** Every single thing that the statements allow, as `ACTION on RESOURCE`, with `if KEY = VALUE` where there is a condition. */
export function grantsOf(statements: readonly Statement[]): string[] {
  const grants = statements.flatMap((statement) => {
    rejectUnknown(statement);
    if (statement.Effect !== 'Allow')
      throw new Error(`${statement.Sid}: a list of what is allowed has no Deny`);
    const condition = conditionText(statement);
    return list(statement.Action).flatMap((action) =>
      list(statement.Resource ?? []).map((resource) => `${action} on ${resource}${condition}`),
    );
  });
  return [...new Set(grants)].sort();
}

/** Whether a text matches a pattern with IAM's wildcards: `*` is any number of characters, `?` is one. */
export function matches(text: string, pattern: string): boolean {
  if (pattern.includes('${')) throw new Error(`policy variables have no rule here: ${pattern}`);
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

/** Each of the six parts of an ARN by itself, as the condition operators for ARNs do. */
function matchesArn(text: string, pattern: string): boolean {
  const [parts, wanted] = [partsOf(text), partsOf(pattern)];
  return wanted.every((part, index) => matches(parts[index] ?? '', part));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  rejectUnknown(statement);
  return (
    list(statement.Action).some((pattern) => matches(action.toLowerCase(), pattern.toLowerCase())) &&
    // A trust policy stands for the role that it belongs to.
    list(statement.Resource ?? '*').some((pattern) => matches(resource, pattern)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, context))
  );
}

/** All keys have to match, each by one of its values; a key that the request does not have matches nothing but `Null`. */
function holds(
  operator: string,
  keys: Record<string, string | string[]>,
  context: Record<string, string>,
): boolean {
  if (operator === 'Null') {
    return Object.entries(keys).every(([key, absent]) => String(!(key in context)) === absent);
  }
  const compare = operators[operator];
  if (compare === undefined) throw new Error(`the condition operator ${operator} has no rule here`);
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key];
    return value !== undefined && list(wanted).some((one) => compare(value, one));
  });
}

function rejectUnknown(statement: Statement): void {
  const unknown = Object.keys(statement).filter((element) => !known.includes(element));
  if (unknown.length > 0) throw new Error(`${statement.Sid}: no rule here for ${unknown.join(', ')}`);
}

function conditionText({ Condition = {} }: Statement): string {
  if ('Null' in Condition)
    throw new Error('a list of what is allowed has no word here for what must be absent');
  const conditions = Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).map(([key, values]) => `${key} = ${list(values).join(' or ')}`),
  );
  return conditions.length === 0 ? '' : ` if ${conditions.sort().join(' and ')}`;
}

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
