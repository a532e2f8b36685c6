export const id = 508;
export const ids = [508];
export const modules = {

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
        outcome: oneOf(last('outcome'), ['deployed', 'reverted', 'empty', 'broken']),
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

/***/ 411:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ Problem)
/* harmony export */ });
/** A failure that the user can act on: its message names what, where and what to do. */
class Problem extends Error {
    name = 'Problem';
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

/***/ 8508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   bringBack: () => (/* binding */ bringBack)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _fleet_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6490);
/* harmony import */ var _plan_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1499);



/** Seconds for the agent to kill a cancelled script; there is no guarantee that it does. */
const cancelSeconds = 30;
/** Seconds for the host to go back, beside those in which the old release gets healthy. */
const revertSeconds = 120;
/**
 * Stops a rollout that may still be under way, and brings the host back to its live release.
 * @param sent called with the id of the command that does it
 */
async function bringBack(runCommand, { appName, region, ssmDocument, holder, rollout }, sent) {
    // A rollout that cannot be killed stops at its next step, when it sees that its run was given up.
    await kill(runCommand, rollout).catch(() => undefined);
    const seconds = revertSeconds + rollout.healthTimeout;
    const deadline = Math.floor(Date.now() / 1000) + seconds;
    const plan = (0,_plan_js__WEBPACK_IMPORTED_MODULE_2__/* .revertPlan */ .e)({ ...rollout, appName, region, run: holder }, deadline);
    const [hostRun] = await (0,_fleet_js__WEBPACK_IMPORTED_MODULE_1__/* .runPlan */ .F)(runCommand, rollout.instanceIds, plan, {
        document: ssmDocument,
        comment: `ec2-deploy: undo ${appName} ${rollout.release}`,
        executionTimeout: seconds,
        sent,
    });
    const { outcome, serving = '', brokenText = '', failure } = hostRun?.report ?? {};
    if (outcome === 'reverted')
        return { serving, text: `${serving} serves.` };
    if (outcome === 'empty')
        return { serving: '', text: 'There is no release before it, so nothing serves.' };
    const cause = brokenText || failure?.text || `the command ended as ${hostRun?.status ?? 'Unknown'}`;
    return {
        serving: '',
        text: `The way back failed: ${cause}. The host goes back by itself when the rollout's time is over; look at it with the next run.`,
    };
}
async function kill(runCommand, { commandId, instanceIds }) {
    if (commandId === '')
        return;
    await runCommand.cancel(commandId);
    await (0,_fleet_js__WEBPACK_IMPORTED_MODULE_1__/* .waitForEnd */ .k)(runCommand, commandId, instanceIds, (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .deadlineIn */ ._5)(cancelSeconds));
}


/***/ }),

/***/ 6490:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ runPlan),
/* harmony export */   k: () => (/* binding */ waitForEnd)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _host_program_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4883);
/* harmony import */ var _host_protocol_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2147);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(411);




/** Run Command has a delivery time besides the script's own; after both, no answer will come. */
const deliveryMargin = 90;
/** A new command may not be listed at once (boto3#2701). */
const appearanceGrace = 30;
/** Runs one plan on all hosts with one command, and waits until it has ended on each. */
async function runPlan(runCommand, instanceIds, plan, options) {
    const command = (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_2__/* .hostCommand */ .mm)(options.document, await (0,_host_program_js__WEBPACK_IMPORTED_MODULE_1__.hostProgram)(), plan);
    const commandId = await runCommand.send(instanceIds, command, options);
    options.sent(commandId);
    const deadline = (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .deadlineIn */ ._5)(options.executionTimeout + deliveryMargin);
    const invocations = await waitForEnd(runCommand, commandId, instanceIds, deadline);
    return Promise.all(invocations.map((invocation) => readRun(runCommand, commandId, invocation)));
}
/**
 * Waits until the command has ended on every host.
 * @returns one invocation a host, `Unknown` where the service did not say in time
 */
async function waitForEnd(runCommand, commandId, instanceIds, deadline) {
    const appearsBy = (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .deadlineIn */ ._5)(appearanceGrace);
    let latest = [];
    const pace = { deadline, shortest: 400, longest: 3000 };
    await (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .poll */ .wt)(pace, async () => {
        latest = await runCommand.invocations(commandId);
        if (latest.length === 0 && Date.now() > appearsBy)
            throw unknownCommand(commandId);
        return latest.length === instanceIds.length && latest.every(({ ended }) => ended) ? true : undefined;
    });
    return instanceIds.map((instanceId) => latest.find((invocation) => invocation.instanceId === instanceId && invocation.ended) ?? {
        instanceId,
        status: 'Unknown',
        ended: false,
    });
}
function unknownCommand(commandId) {
    return new _problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .A(`Systems Manager took the command ${commandId} and does not list it after ${appearanceGrace} s. Run the job again.`);
}
async function readRun(runCommand, commandId, { instanceId, status, ended }) {
    const output = ended ? await runCommand.output(commandId, instanceId) : '';
    return { instanceId, status, report: (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_2__/* .readHostReport */ .pM)(output) };
}


/***/ }),

/***/ 1499:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  In: () => (/* binding */ inspectPlan),
  iq: () => (/* binding */ livePlan),
  e: () => (/* binding */ revertPlan),
  ho: () => (/* binding */ rolloutPlan)
});

// UNUSED EXPORTS: proxyImage

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
/** Asks a host whether it is ready, and what is live on it. */
function inspectPlan(inputs, deadline) {
    return {
        app: inputs.appName,
        verbs: 'inspect',
        region: inputs.region,
        deadline: String(deadline),
        ...variables(inputs),
    };
}
/** One transaction: everything from the pull to the end of the old container, or nothing. */
function rolloutPlan(inputs, facts) {
    const { container, migrateCommand } = inputs;
    const { release } = facts;
    return {
        app: inputs.appName,
        verbs: [...(migrateCommand.length > 0 ? ['migrate'] : []), 'prepare', 'switch', 'settle'].join(' '),
        region: inputs.region,
        deadline: String(facts.deadline),
        run: facts.run,
        release: release.id,
        digest: release.digest,
        image: release.image,
        settings: (0,release_release/* settingsDigest */.KI)(release.settings, release.strategy),
        strategy: release.strategy,
        registry: facts.registry,
        'image-bytes': String(facts.imageBytes),
        'container-port': String(container.containerPort),
        'host-port': String(container.hostPort),
        memory: container.memory,
        cpus: container.cpus,
        'read-only': String(container.readOnly),
        command: container.command,
        volume: container.volumes,
        migrate: migrateCommand,
        'health-path': inputs.healthPath,
        'health-timeout': String(inputs.healthTimeout),
        'drain-timeout': String(inputs.drainTimeout),
        'keep-releases': String(inputs.keepReleases),
        'proxy-image': proxyImage,
        'proxy-config': proxyConfig(container.metricsPath),
        ...metricsFields(inputs),
        ...variables(inputs),
    };
}
/**
 * What a host does by itself to serve a release that has been proven: one that was replaced, or changed by hand. Whoever runs it
 * adds the deadline.
 */
function livePlan(inputs, facts) {
    const { deadline: _deadline, run: _run, migrate: _migrate, ...plan } = rolloutPlan(inputs, facts);
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
function metricsFields({ appName, container }) {
    const { hostPort, metricsPort, metricsPath } = container;
    if (metricsPort === undefined)
        return {};
    return {
        'metrics-port': String(metricsPort),
        'metrics-config': metricsConfig(`${appName}-proxy-${hostPort}`, metricsPath),
    };
}
function variables({ container }) {
    return { env: container.environment.map(protocol/* assignment */.mU), secret: container.secrets.map(secretField) };
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
