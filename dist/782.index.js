export const id = 782;
export const ids = [782,963];
export const modules = {

/***/ 3280:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T1: () => (/* binding */ call),
/* harmony export */   ev: () => (/* binding */ isNamed),
/* harmony export */   ry: () => (/* binding */ clientSettings)
/* harmony export */ });
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(411);

/** What every AWS client of the action is made with. */
function clientSettings(region) {
    return {
        region,
        maxAttempts: 5,
        retryMode: 'standard',
        customUserAgent: 'ec2-deploy-action',
        requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
    };
}
/**
 * Runs one call and explains what went wrong in the words of who has to mend it.
 * @param action as IAM names it, `ssm:SendCommand`
 * @param subject what the call is about, for the message
 * @throws Problem for missing credentials or rights, for an endpoint that does not answer and for a service in trouble; other errors
 * under the name that AWS gave them, with the action in their message
 */
async function call(action, subject, send) {
    try {
        return await send();
    }
    catch (error) {
        throw explain(action, subject, error);
    }
}
/** Whether an error is one that AWS gave this name, the way of the SDK to tell them apart. */
function isNamed(error, ...names) {
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
function explain(action, subject, error) {
    if (!(error instanceof Error))
        return error;
    const text = explanation(action, subject, error);
    if (text !== undefined)
        return new _problem_js__WEBPACK_IMPORTED_MODULE_0__/* .Problem */ .A(`${text} AWS said: ${error.message}`, { cause: error });
    error.message = `${action} on ${subject} failed: ${error.message}`;
    return error;
}
function explanation(action, subject, error) {
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
function isUnreachable(error) {
    return (isNamed(error, 'TimeoutError') || ('code' in error && unreachable.some((code) => code === error.code)));
}


/***/ }),

/***/ 1963:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RunCommand: () => (/* binding */ RunCommand),
/* harmony export */   W: () => (/* binding */ UnreachableHosts),
/* harmony export */   n: () => (/* binding */ hostsPerCall)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6141);
/* harmony import */ var _chunks_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1240);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(411);
/* harmony import */ var _call_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3280);




/** Seconds within which the agent has to start the command; a dead agent must not hold up the job. */
const deliveryTimeout = 60;
/** SendCommand, DescribeInstanceInformation and ListCommandInvocations take and give no more at a time. */
const hostsPerCall = 50;
const endedStatuses = ['Success', 'Cancelled', 'TimedOut', 'Failed'];
/** A command that was not sent, since at least one of its hosts would not get it. */
class UnreachableHosts extends _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A {
    constructor(instanceIds, cause) {
        super(`Systems Manager cannot reach ${instanceIds.join(', ')}: the instance is not running, or its agent is not connected. ` +
            'Check its state, its instance profile and its way to the internet.', { cause });
    }
}
/** Systems Manager: the only door to Run Command. */
class RunCommand {
    #client;
    constructor(region) {
        this.#client = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .SSMClient */ .jB((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .clientSettings */ .ry)(region));
    }
    /** The agents' state by instance id: `Online`, `ConnectionLost`; absent for one that never registered. */
    async agents(instanceIds) {
        const answers = await Promise.all((0,_chunks_js__WEBPACK_IMPORTED_MODULE_3__/* .chunksOf */ .U)(instanceIds, hostsPerCall).map((some) => this.#agentsOf(some)));
        return new Map(answers.flat().map((agent) => [agent.InstanceId ?? '', agent.PingStatus ?? '']));
    }
    async #agentsOf(instanceIds) {
        const answer = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:DescribeInstanceInformation', instanceIds.join(', '), () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .DescribeInstanceInformationCommand */ .MX({
            Filters: [{ Key: 'InstanceIds', Values: instanceIds }],
            MaxResults: hostsPerCall,
        }))).catch((error) => {
            // An id that the service does not know yet can be an error instead of an empty list.
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidInstanceId'))
                return undefined;
            throw error;
        });
        return answer?.InstanceInformationList ?? [];
    }
    /**
     * Sends a command to up to fifty hosts.
     * @returns the command's id
     * @throws UnreachableHosts, with nothing sent, if one of them is not running or not connected
     */
    async send(instanceIds, command, options) {
        const { Command } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:SendCommand', instanceIds.join(', '), () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .SendCommandCommand */ .VW({
            InstanceIds: instanceIds,
            DocumentName: command.document,
            Comment: options.comment.slice(0, 100),
            TimeoutSeconds: deliveryTimeout,
            Parameters: { ...command.parameters, executionTimeout: [String(options.executionTimeout)] },
        }))).catch((error) => {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidInstanceId'))
                throw new UnreachableHosts(instanceIds, error);
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidDocument'))
                throw missingDocument(command.document, error);
            throw error;
        });
        return Command?.CommandId ?? '';
    }
    /** How every host stands with the command; an empty list right after sending is normal. */
    async invocations(commandId) {
        const { CommandInvocations } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:ListCommandInvocations', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .ListCommandInvocationsCommand */ .md({ CommandId: commandId, MaxResults: hostsPerCall, Details: true })));
        return (CommandInvocations ?? []).map(({ InstanceId, Status, StatusDetails, CommandPlugins }) => ({
            instanceId: InstanceId ?? '',
            status: (StatusDetails ?? Status ?? '').replaceAll(' ', ''),
            ended: endedStatuses.includes(Status ?? ''),
            output: shortOutput(CommandPlugins ?? []),
        }));
    }
    /** What the script printed on one host; the service keeps the first 24,000 characters. */
    async output(commandId, instanceId) {
        const { StandardOutputContent } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:GetCommandInvocation', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .GetCommandInvocationCommand */ .ry({ CommandId: commandId, InstanceId: instanceId })));
        return StandardOutputContent ?? '';
    }
    /** Asks the agents to kill the script; there is no guarantee that they do. */
    async cancel(commandId) {
        await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:CancelCommand', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .CancelCommandCommand */ .t({ CommandId: commandId })));
    }
}
function missingDocument(document, cause) {
    return new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`There is no SSM document ${document}. Check the inputs ssm-document and region, or deploy infra-template/host-document.yaml first.`, { cause });
}
/** A list has the first 2,500 characters of each output: one call then serves all hosts, instead of one for each. */
const longestListed = 2500;
function shortOutput(plugins) {
    const output = plugins.map(({ Output }) => Output ?? '').join('');
    return output.length < longestListed ? output : undefined;
}


/***/ }),

/***/ 1240:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ chunksOf)
/* harmony export */ });
/** A list in parts of at most this size, in order; none for an empty list. */
function chunksOf(items, size) {
    const count = Math.ceil(items.length / size);
    return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}


/***/ }),

/***/ 4883:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hostProgram: () => (/* binding */ hostProgram),
/* harmony export */   programDigest: () => (/* binding */ programDigest)
/* harmony export */ });
/* unused harmony export condensed */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);


/** The text of the program that runs on the instance, as it is sent. */
async function hostProgram() {
    return condensed(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readFile)(__webpack_require__.ab + "program.sh", 'utf8'));
}
/** A short digest of the program, by which a document that holds it is known to be of this version. */
function programDigest(program) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(program).digest('hex').slice(0, 12);
}
/** Comment lines, blank ones and indentation stay behind: a command has little room, and the app's variables need it. */
function condensed(program) {
    const [shebang = '', ...lines] = program.split('\n');
    const kept = lines.map((line) => line.trimStart()).filter((line) => line !== '' && !line.startsWith('#'));
    return [shebang, ...kept, ''].join('\n');
}


/***/ }),

/***/ 2147:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gb: () => (/* binding */ formatStoredPlan),
/* harmony export */   mU: () => (/* binding */ assignment),
/* harmony export */   mm: () => (/* binding */ hostCommand),
/* harmony export */   pM: () => (/* binding */ readHostReport)
/* harmony export */ });
/* unused harmony export encodePlan */
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8522);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(411);


/**
 * What AWS counts against a document's 64 KB includes the parameters of a run; the rest is room for its own JSON.
 * Source: CreateDocument, Content, in the Systems Manager API reference.
 */
const largestCommand = 60_000;
/** Base64 of NUL-terminated keys and values in turn: no value can end its field or be taken for code. */
function encodePlan(plan) {
    return planFields(plan).toString('base64');
}
/** A plan for Parameter Store, whose values are short: base64 of the same fields, compressed. */
function formatStoredPlan(plan) {
    return (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gzipSync)(planFields(plan), { level: 9 }).toString('base64');
}
function planFields(plan) {
    const fields = Object.entries(plan).flatMap(([key, value]) => [value].flat().map((text) => `${key}\0${text}\0`));
    return Buffer.from(fields.join(''));
}
/**
 * The command that carries a plan to a host.
 * @param document name of the SSM document that holds the program; empty to send the program along
 * @param program the host program's text
 * @throws Problem if both together are larger than Run Command takes
 */
function hostCommand(document, program, plan) {
    const command = commandText(program, plan);
    if (Buffer.byteLength(command) > largestCommand) {
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`The plan for the host is ${Buffer.byteLength(command)} bytes and Run Command takes ${largestCommand}. ` +
            'Most of it is the values of the input env: move large ones to Parameter Store or Secrets Manager and name them in secrets.');
    }
    if (document === '')
        return { document: 'AWS-RunShellScript', parameters: { commands: [command] } };
    return { document, parameters: { plan: [encodePlan(plan)] } };
}
function commandText(program, plan) {
    const [shebang = '', ...rest] = program.split('\n');
    return [shebang, `EC2_DEPLOY_PLAN='${encodePlan(plan)}'`, ...rest].join('\n');
}
/** NAME=VALUE, as docker takes variables. */
function assignment({ name, value }) {
    return `${name}=${value}`;
}
/**
 * Reads what the host program printed; unknown lines are passed over, so that a noisy shell start-up file does no harm.
 * @param output the standard output of the command
 */
function readHostReport(output) {
    const lines = output.split('\n').flatMap((line) => parseLine(line) ?? []);
    const all = (key) => lines.filter((line) => line.key === key).map((line) => line.value);
    const last = (key) => all(key).at(-1);
    return {
        program: last('program') ?? '',
        steps: all('step').map(parseStep),
        boot: oneOf(last('boot'), ['complete', 'error']),
        engine: last('engine') ?? '',
        architecture: last('architecture') ?? '',
        live: readLive(last),
        outcome: oneOf(last('outcome'), ['prepared', 'switched', 'deployed', 'reverted', 'empty', 'broken']),
        serving: last('serving') ?? '',
        brokenText: last('broken') ?? '',
        gapMilliseconds: toNumber(last('gap')),
        drainExpired: last('drain-expired') === 'yes',
        metricsProblem: last('metrics-problem') ?? '',
        migrationLog: last('migration-log') ?? '',
        failure: last('failure') === undefined ? undefined : readFailure(all, last),
    };
}
function parseLine(line) {
    const match = /^(@?)([a-z-]+) (.*)$/.exec(line);
    if (match === null)
        return undefined;
    const [, encoded, key = '', value = ''] = match;
    return { key, value: encoded === '@' ? Buffer.from(value, 'base64').toString('utf8') : value };
}
function parseStep(text) {
    const [name = '', milliseconds = '0'] = text.split(' ');
    return { name, milliseconds: Number(milliseconds) };
}
function readLive(last) {
    const release = last('live-release');
    if (release === undefined)
        return undefined;
    return {
        release,
        digest: last('live-digest') ?? '',
        settings: last('live-settings') ?? '',
        environment: last('live-environment') === 'same' ? 'same' : 'changed',
        serving: last('live-serving') === 'yes',
    };
}
function readFailure(all, last) {
    return {
        code: last('failure') ?? '',
        text: last('failure-text') ?? '',
        exitCode: toNumber(last('exit-code')),
        outOfMemory: last('out-of-memory') === 'true',
        running: toBoolean(last('running')),
        containerError: last('container-error') ?? '',
        listening: (last('listening') ?? '').split('\n').filter((socket) => socket !== ''),
        answers: all('health-answer').map(parseAnswer),
        healthBody: last('health-body') ?? '',
        healthError: last('health-error') ?? '',
        log: last('log') ?? '',
        migrationLog: last('migration-log') ?? '',
        programLog: last('program-log') ?? '',
    };
}
function parseAnswer(text) {
    const [status = '', count = '0'] = text.split(' ');
    return { status, count: Number(count) };
}
function oneOf(value, words) {
    return words.find((word) => word === value);
}
function toNumber(value) {
    return value === undefined || value === '' ? undefined : Number(value);
}
function toBoolean(value) {
    return value === undefined ? undefined : value === 'true';
}


/***/ }),

/***/ 3007:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bf: () => (/* binding */ releaseId),
/* harmony export */   KI: () => (/* binding */ settingsDigest),
/* harmony export */   nD: () => (/* binding */ sequenceOf)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/** @param sequence the release's number in the app's history, from 1 */
function releaseId(sequence, digest) {
    return `r${sequence}-${digest.replace('sha256:', '').slice(0, 6)}`;
}
/** The number in a release's id; 0 for a text that is none. */
function sequenceOf(id) {
    return Number(/^r(\d+)-/.exec(id)?.[1] ?? 0);
}
/**
 * A short digest of everything but the image that makes a container what it is: two releases with the same one, the same image
 * and the same secrets' values are the same.
 */
function settingsDigest(settings, strategy) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256')
        .update(JSON.stringify([settings, strategy]))
        .digest('hex')
        .slice(0, 16);
}


/***/ }),

/***/ 6490:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ runPlan),
/* harmony export */   I: () => (/* binding */ stopCommand)
/* harmony export */ });
/* harmony import */ var _aws_ssm_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1963);
/* harmony import */ var _chunks_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1240);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4701);
/* harmony import */ var _host_program_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4883);
/* harmony import */ var _host_protocol_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2147);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(411);






/** Run Command has a delivery time besides the script's own; after both, no answer will come. */
const deliveryMargin = 90;
/** Milliseconds between two questions whether a host that does not answer is still there: Run Command does not say. */
const goneInterval = 10_000;
/** A new command may not be listed at once (boto3#2701). */
const appearanceGrace = 30;
/**
 * Runs one plan on all hosts, and waits until it has ended on each.
 * @returns one run a host; `Undeliverable` for one of several that cannot be reached
 * @throws UnreachableHosts if the only host cannot be reached
 */
async function runPlan(runCommand, instanceIds, plan, options) {
    const command = (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_3__/* .hostCommand */ .mm)(options.document, await (0,_host_program_js__WEBPACK_IMPORTED_MODULE_2__.hostProgram)(), plan);
    if (instanceIds.length === 1)
        return runOn(runCommand, instanceIds, command, options);
    const runs = await Promise.all((0,_chunks_js__WEBPACK_IMPORTED_MODULE_4__/* .chunksOf */ .U)(instanceIds, _aws_ssm_js__WEBPACK_IMPORTED_MODULE_0__/* .hostsPerCall */ .n).map((some) => runOnReachable(runCommand, some, command, options)));
    return runs.flat();
}
/** One host that is gone keeps a command from all others of its chunk: then each gets one of its own. */
async function runOnReachable(runCommand, instanceIds, command, options) {
    try {
        return await runOn(runCommand, instanceIds, command, options);
    }
    catch (error) {
        if (!(error instanceof _aws_ssm_js__WEBPACK_IMPORTED_MODULE_0__/* .UnreachableHosts */ .W))
            throw error;
        if (instanceIds.length > 1) {
            const runs = instanceIds.map((id) => runOnReachable(runCommand, [id], command, options));
            return (await Promise.all(runs)).flat();
        }
        return instanceIds.map((instanceId) => ({
            instanceId,
            status: 'Undeliverable',
            report: (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_3__/* .readHostReport */ .pM)(''),
        }));
    }
}
async function runOn(runCommand, instanceIds, command, options) {
    const commandId = await runCommand.send(instanceIds, command, options);
    options.sent(commandId);
    const deadline = (0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .deadlineIn */ ._5)(options.executionTimeout + deliveryMargin);
    const invocations = await waitForEnd(runCommand, commandId, instanceIds, deadline, options.gone);
    return Promise.all(invocations.map((invocation) => readRun(runCommand, commandId, invocation)));
}
/**
 * Waits until the command has ended on every host that is still there.
 * @returns one invocation a host: `Gone` for one that is not there any more, `Unknown` where the service did not say in time
 */
async function waitForEnd(runCommand, commandId, instanceIds, deadline, gone = async () => []) {
    const appearsBy = (0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .deadlineIn */ ._5)(appearanceGrace);
    const ended = new Map();
    const isOpen = (instanceId) => !ended.has(instanceId);
    let asksAgain = Date.now() + goneInterval;
    await (0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .poll */ .wt)({ deadline, ...pace }, async () => {
        const latest = await runCommand.invocations(commandId);
        if (latest.length === 0 && Date.now() > appearsBy)
            throw unknownCommand(commandId);
        for (const invocation of latest)
            if (invocation.ended)
                ended.set(invocation.instanceId, invocation);
        if (Date.now() > asksAgain) {
            for (const id of await gone(instanceIds.filter(isOpen)))
                ended.set(id, silent(id, 'Gone'));
            asksAgain = Date.now() + goneInterval;
        }
        return instanceIds.some(isOpen) ? undefined : true;
    });
    return instanceIds.map((instanceId) => ended.get(instanceId) ?? silent(instanceId, 'Unknown'));
}
const pace = { shortest: 400, longest: 3000 };
function silent(instanceId, status) {
    return { instanceId, status, ended: true, output: '' };
}
/** Stops a command wherever it runs, and waits until its hosts say so. There is no guarantee that they do. */
async function stopCommand(runCommand, commandId, deadline) {
    await runCommand.cancel(commandId);
    await (0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .poll */ .wt)({ deadline, ...pace }, async () => {
        const invocations = await runCommand.invocations(commandId);
        return invocations.length > 0 && invocations.every(({ ended }) => ended) ? true : undefined;
    });
}
function unknownCommand(commandId) {
    return new _problem_js__WEBPACK_IMPORTED_MODULE_5__/* .Problem */ .A(`Systems Manager took the command ${commandId} and does not list it after ${appearanceGrace} s. Run the job again.`);
}
async function readRun(runCommand, commandId, { instanceId, status, output }) {
    const whole = output ?? (await runCommand.output(commandId, instanceId));
    return { instanceId, status, report: (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_3__/* .readHostReport */ .pM)(whole) };
}


/***/ }),

/***/ 1499:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  In: () => (/* binding */ inspectPlan),
  iq: () => (/* binding */ livePlan),
  e: () => (/* binding */ revertPlan),
  ho: () => (/* binding */ rolloutPlan),
  _$: () => (/* binding */ stages)
});

// UNUSED EXPORTS: proxyImage

// EXTERNAL MODULE: ./build/chunks.js
var chunks = __webpack_require__(1240);
// EXTERNAL MODULE: ./build/host/protocol.js
var protocol = __webpack_require__(2147);
// EXTERNAL MODULE: ./build/release/release.js
var release_release = __webpack_require__(3007);
;// CONCATENATED MODULE: ./build/rollout/proxy-config.js
/** Each slot takes a twentieth of the requests, so shares can be moved in steps of five percent. */
const slots = 20;
/** Where the proxy's container answers with metrics of itself, to the containers beside it only. */
const proxyMetricsPort = 2020;
/**
 * Caddy's configuration. Traffic goes where the slot files say, read at each request, so that moving it needs no reload: a reload cuts
 * connections, a renamed file none. A request that carries the host's own probe token is told which container answered.
 * @param metricsPath path that is not answered, with all below it; empty for none
 */
function proxyConfig(metricsPath) {
    return configuration({
        metrics: {},
        servers: {
            app: server(':80', [probeRoute, ...closedRoutes(metricsPath), { handle: [reverseProxy()] }]),
            metrics: server(`:${proxyMetricsPort}`, [{ handle: [{ handler: 'metrics' }] }]),
        },
    });
}
/**
 * Configuration of the container that answers on the metrics port: `/metrics` is the live app's, `/proxy/metrics` the proxy's.
 * @param proxy name of the proxy's container
 * @param metricsPath where the app has its metrics; empty if it has none
 */
function metricsConfig(proxy, metricsPath) {
    const routes = [
        ...(metricsPath === '' ? [] : [metricsRoute('/metrics', metricsPath, slotTarget(0))]),
        metricsRoute('/proxy/metrics', '/metrics', `${proxy}:${proxyMetricsPort}`),
        { handle: [{ handler: 'static_response', status_code: 404 }] },
    ];
    return configuration({ servers: { metrics: server(':80', routes) } });
}
function configuration(http) {
    return JSON.stringify({
        admin: { config: { persist: false } },
        logging: { logs: { default: { level: 'WARN' } } },
        apps: { http },
    });
}
function server(listen, routes) {
    return { listen: [listen], automatic_https: { disable: true }, routes };
}
function closedRoutes(path) {
    if (path === '')
        return [];
    // Routers take a slash at the end for the same path.
    const match = [{ path: [path, `${path}/*`] }];
    return [{ match, handle: [{ handler: 'static_response', status_code: 404 }], terminal: true }];
}
function metricsRoute(path, upstreamPath, dial) {
    return {
        match: [{ path: [path] }],
        handle: [
            { handler: 'rewrite', uri: upstreamPath },
            { handler: 'reverse_proxy', upstreams: [{ dial }] },
        ],
        terminal: true,
    };
}
function slotTarget(slot) {
    return `{file./state/slots/${String(slot).padStart(2, '0')}}`;
}
const probeHeader = 'X-Ec2-Deploy-Probe';
const probeRoute = {
    match: [{ header: { [probeHeader]: ['{file./state/probe-token}'] } }],
    handle: [
        {
            handler: 'headers',
            request: { delete: [probeHeader] },
            response: {
                deferred: true,
                set: { 'X-Ec2-Deploy-Upstream': ['{http.reverse_proxy.upstream.hostport}'] },
            },
        },
    ],
};
function reverseProxy() {
    return {
        handler: 'reverse_proxy',
        upstreams: Array.from({ length: slots }, (_, slot) => ({ dial: slotTarget(slot) })),
        load_balancing: {
            selection_policy: { policy: 'round_robin' },
            // A connection that cannot be opened is tried again, so that a restart of the container is a pause and no error.
            try_duration: '3s',
            try_interval: '100ms',
        },
        transport: {
            protocol: 'http',
            dial_timeout: '2s',
            // Idle connections close soon, so that what stays open to an old release is in flight.
            keep_alive: { enabled: true, idle_timeout: '1s' },
        },
        // Websockets and other streams live through a reload of the configuration.
        stream_close_delay: '1h',
    };
}

;// CONCATENATED MODULE: ./build/rollout/plan.js




/** The image that the proxy's container runs: Docker's official one, from the mirror that needs no account. */
const proxyImage = 'public.ecr.aws/docker/library/caddy:2.11.4-alpine';
/**
 * Asks a host whether it is ready, and what is live on it.
 * @param settings of the release that is to serve: whether the host can read its secrets, and whether their values have changed
 */
function inspectPlan(inputs, settings, deadline) {
    return {
        app: inputs.appName,
        verbs: 'inspect',
        region: inputs.region,
        deadline: String(deadline),
        ...variables(settings),
    };
}
/**
 * The stages of a rollout. With one host it is a single transaction, since round trips are the cost. With several, all are prepared before
 * the traffic of the first moves, and none gives the old release up before the traffic of the last has.
 */
function stages(instanceIds, batchSize, migrates) {
    const migrate = migrates ? ['migrate'] : [];
    if (instanceIds.length === 1)
        return [{ verbs: [...migrate, 'prepare', 'switch', 'settle'].join(' '), instanceIds }];
    return [
        ...preparations(instanceIds, migrates),
        ...batches(instanceIds, batchSize).map((batch) => ({ verbs: 'switch', instanceIds: batch })),
        { verbs: 'settle', instanceIds },
    ];
}
/** The migration runs once, on the first host, and the other candidates start when it is through. */
function preparations(instanceIds, migrates) {
    if (!migrates)
        return [{ verbs: 'prepare', instanceIds }];
    return [
        { verbs: 'migrate prepare', instanceIds: instanceIds.slice(0, 1) },
        { verbs: 'prepare', instanceIds: instanceIds.slice(1) },
    ];
}
function batches(instanceIds, { unit, amount }) {
    const size = unit === 'hosts' ? amount : Math.ceil((instanceIds.length * amount) / 100);
    return (0,chunks/* chunksOf */.U)(instanceIds, size);
}
/** @param verbs what a host does of it; what it says of the release is the same in each stage */
function rolloutPlan(inputs, facts, verbs) {
    const { release } = facts;
    const { settings } = release;
    return {
        app: inputs.appName,
        verbs,
        region: inputs.region,
        deadline: String(facts.deadline),
        run: facts.run,
        release: release.id,
        digest: release.digest,
        image: release.image,
        settings: (0,release_release/* settingsDigest */.KI)(release.settings, release.strategy),
        strategy: release.strategy,
        registry: release.registry,
        'image-bytes': String(release.imageBytes),
        'container-port': String(settings.containerPort),
        'host-port': String(settings.hostPort),
        memory: settings.memory,
        cpus: settings.cpus,
        'read-only': String(settings.readOnly),
        command: settings.command,
        volume: settings.volumes,
        migrate: facts.migrateCommand,
        'health-path': release.healthPath,
        'health-timeout': String(inputs.healthTimeout),
        'drain-timeout': String(inputs.drainTimeout),
        'keep-releases': String(inputs.keepReleases),
        'proxy-image': proxyImage,
        'proxy-config': proxyConfig(settings.metricsPath),
        ...metricsFields(inputs.appName, settings),
        ...variables(settings),
    };
}
/**
 * What a host does by itself to serve a release that has been proven: one that was replaced, or changed by hand. Whoever runs it
 * adds the deadline.
 */
function livePlan(inputs, facts) {
    const { deadline: _deadline, run: _run, migrate: _migrate, ...plan } = rolloutPlan(inputs, facts, 'converge');
    return { ...plan, app: inputs.appName, verbs: 'converge' };
}
/** Brings a host back to its live release, from wherever a rollout was left. */
function revertPlan(undo, deadline) {
    return {
        app: undo.appName,
        verbs: 'revert',
        region: undo.region,
        deadline: String(deadline),
        run: undo.run,
        release: undo.release,
        image: undo.image,
        'host-port': String(undo.hostPort),
        'health-timeout': String(undo.healthTimeout),
        'keep-releases': String(undo.keepReleases),
        'proxy-image': proxyImage,
    };
}
/** The port for metrics, if there is to be one. */
function metricsFields(appName, { hostPort, metricsPort, metricsPath }) {
    if (metricsPort === undefined)
        return {};
    return {
        'metrics-port': String(metricsPort),
        'metrics-config': metricsConfig(`${appName}-proxy-${hostPort}`, metricsPath),
    };
}
function variables({ environment, secrets }) {
    return { env: environment.map(protocol/* assignment */.mU), secret: secrets.map(secretField) };
}
/** Fields of one secret, with the separator that no name can hold. */
function secretField({ name, reference }) {
    const fields = reference.kind === 'parameter'
        ? ['parameter', reference.name]
        : ['secret', reference.arn, reference.jsonKey, reference.versionStage, reference.versionId];
    return [name, ...fields].join('\u001f');
}


/***/ })

};
