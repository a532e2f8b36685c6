export const id = 395;
export const ids = [395,508,839];
export const modules = {

/***/ 489:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Lq: () => (/* binding */ openRunCommand),
/* harmony export */   tW: () => (/* binding */ openRecords),
/* harmony export */   uI: () => (/* binding */ openStacks)
/* harmony export */ });
async function openRunCommand(region) {
    const { RunCommand: Door } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(522), __webpack_require__.e(963)]).then(__webpack_require__.bind(__webpack_require__, 1963));
    return new Door(region);
}
async function openStacks(region) {
    const { Stacks: Door } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(517)]).then(__webpack_require__.bind(__webpack_require__, 7517));
    return new Door(region);
}
async function openRecords(region, app) {
    const { Parameters } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(522), __webpack_require__.e(296)]).then(__webpack_require__.bind(__webpack_require__, 4296));
    const { Records: Ledger } = await __webpack_require__.e(/* import() */ 660).then(__webpack_require__.bind(__webpack_require__, 5660));
    return new Ledger(new Parameters(region), app);
}


/***/ }),

/***/ 7059:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N4: () => (/* binding */ note),
/* harmony export */   kY: () => (/* binding */ remember),
/* harmony export */   qz: () => (/* binding */ tell),
/* harmony export */   zy: () => (/* binding */ tellOf)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(214);


/**
 * Tells a story to its end; never throws: what went wrong is the result's verdict and reason.
 * @param story changes the facts as it goes
 */
async function tell(run, story) {
    const facts = nothingYet(run);
    try {
        await story(facts);
    }
    catch (error) {
        facts.outputs.verdict = 'failed';
        facts.reason = error instanceof Error ? error.message : String(error);
    }
    return conclude(run, facts);
}
/** Tells of a release that the ledger has. */
function tellOf(facts, { image, digest, strategy }, url) {
    facts.outputs.image = image;
    facts.outputs.imageDigest = digest;
    facts.outputs.url = url;
    facts.strategy = strategy;
}
/** Keeps what the post step needs from now on. */
function remember(run, facts, change) {
    facts.memory = { ...facts.memory, ...change };
    run.remember(facts.memory);
}
/** Tells the user something that does not change the verdict. */
function note(run, facts, text) {
    facts.notes.push(text);
    run.warn(text);
}
function nothingYet({ inputs, holder }) {
    return {
        outputs: { ..._outputs_js__WEBPACK_IMPORTED_MODULE_1__/* .nothingKnown */ .Hx },
        strategy: '',
        reason: '',
        dossier: undefined,
        notes: [],
        commandIds: [],
        hostRuns: [],
        memory: {
            region: inputs.region,
            appName: inputs.appName,
            ssmDocument: inputs.ssmDocument,
            holder,
            dockerConfig: '',
            leaseAsked: false,
            rollout: undefined,
        },
    };
}
function conclude(run, facts) {
    const report = reportOf(run, facts);
    const { commandIds, reason, dossier, notes } = facts;
    const outputs = { ...facts.outputs, commandIds, durationSeconds: report.durationSeconds, report };
    return { outputs, report, reason, dossier, notes };
}
function reportOf(run, { outputs, strategy, hostRuns, reason }) {
    const gaps = hostRuns.flatMap(({ report }) => report.gapMilliseconds ?? []);
    return {
        app: run.inputs.appName,
        verdict: outputs.verdict,
        release: outputs.release,
        previousRelease: outputs.previousRelease,
        digest: outputs.imageDigest,
        strategy,
        hosts: [...stepsByHost(hostRuns)].map(([instanceId, steps]) => ({ instanceId, steps })),
        durationSeconds: (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .secondsSince */ .wv)(run.startedAt),
        ...(gaps.length === 0 ? {} : { gapMilliseconds: Math.max(...gaps) }),
        ...(reason === '' ? {} : { reason }),
    };
}
/** A host carries out a rollout in one command or in several. */
function stepsByHost(hostRuns) {
    const hosts = new Map();
    for (const { instanceId, report } of hostRuns)
        hosts.set(instanceId, [...(hosts.get(instanceId) ?? []), ...report.steps]);
    return hosts;
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

/***/ 9759:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  d6: () => (/* binding */ findHosts),
  rs: () => (/* binding */ urlOf),
  GV: () => (/* binding */ waitForHosts)
});

// EXTERNAL MODULE: ./build/clock.js + 1 modules
var clock = __webpack_require__(4701);
// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(411);
;// CONCATENATED MODULE: ./build/discover.js

/** The outputs of a stack that is deployed to: one of the first two, and the repository if an image is built. */
const stackOutputs = {
    instance: 'InstanceId',
    group: 'AutoScalingGroupName',
    repository: 'RepositoryName',
    url: 'Url',
};
/** Auto Scaling gives it to the instances of a group. Source: "Tag Auto Scaling groups and instances", EC2 Auto Scaling guide. */
const groupTag = 'aws:autoscaling:groupName';
/**
 * Finds out where the hosts and the repository are named.
 * @throws Problem if the stack is missing or has not the outputs
 */
async function discover(wanted, stacks) {
    const { target, repository } = wanted;
    switch (target.kind) {
        case 'instances':
            return { hosts: { kind: 'named', instanceIds: target.instanceIds }, repository, url: '' };
        case 'tags': {
            const name = `the tags ${target.tags.map(({ name, value }) => `${name}=${value}`).join(', ')}`;
            return { hosts: { kind: 'tagged', tags: target.tags, name }, repository, url: '' };
        }
        case 'stack':
            return readStack(target.stackName, wanted, await (await stacks()).outputs(target.stackName));
    }
}
function readStack(stackName, wanted, outputs) {
    const output = (name) => outputs.get(name) ?? '';
    const repository = wanted.repository || output(stackOutputs.repository);
    if (wanted.builds && repository === '')
        throw missingOutput(stackName, outputs, stackOutputs.repository);
    const group = output(stackOutputs.group);
    if (group !== '') {
        const tags = [{ name: groupTag, value: group }];
        const hosts = { kind: 'tagged', tags, name: `the Auto Scaling group ${group}` };
        return { hosts, repository, url: output(stackOutputs.url).replace(/\/$/, '') };
    }
    const instanceId = output(stackOutputs.instance);
    if (instanceId === '')
        throw missingOutput(stackName, outputs, `${stackOutputs.instance} or ${stackOutputs.group}`);
    return { hosts: { kind: 'named', instanceIds: [instanceId] }, repository, url: '' };
}
function missingOutput(stackName, outputs, name) {
    const present = [...outputs.keys()].join(', ') || 'none';
    return new problem/* Problem */.A(`The stack ${stackName} has no output ${name} (it has: ${present}). Deploy infra-template/ or add the output to your template.`);
}

// EXTERNAL MODULE: ./build/doors.js
var doors = __webpack_require__(489);
// EXTERNAL MODULE: ./build/facts.js
var build_facts = __webpack_require__(7059);
// EXTERNAL MODULE: ./build/rollout/fleet.js
var fleet = __webpack_require__(6490);
// EXTERNAL MODULE: ./build/rollout/plan.js + 1 modules
var rollout_plan = __webpack_require__(1499);
// EXTERNAL MODULE: ./build/rollout/readiness.js
var readiness = __webpack_require__(3758);
// EXTERNAL MODULE: ./build/rollout/verdict.js
var verdict = __webpack_require__(7839);
;// CONCATENATED MODULE: ./build/reach-hosts.js









/**
 * Discovers where the hosts are, and waits until all instances run.
 * @param wanted what a story asks for beside the hosts
 */
async function findHosts(run, facts, wanted = { repository: '', builds: false }) {
    const { target, region, waitForInstance } = run.inputs;
    const destination = await discover({ target, ...wanted }, () => (0,doors/* openStacks */.uI)(region));
    const source = await openHostSource(run, destination);
    run.log(`Waiting for ${source.name}`);
    const instances = await (0,readiness/* waitUntilRunning */.RF)(source, (0,clock/* deadlineIn */._5)(waitForInstance));
    facts.outputs.instanceIds = instances.map(({ instanceId }) => instanceId);
    return { destination, source, instances };
}
async function openHostSource(run, { hosts }) {
    const { Instances } = await __webpack_require__.e(/* import() */ 777).then(__webpack_require__.bind(__webpack_require__, 8777));
    const instances = new Instances(run.inputs.region);
    return hosts.kind === 'named'
        ? (0,readiness/* namedHosts */.$X)(instances, hosts.instanceIds)
        : (0,readiness/* taggedHosts */.I7)(instances, hosts.tags, hosts.name);
}
/** Where the app answers: at the load balancer, or on the first host. */
function urlOf({ destination, instances: [host] }, hostPort) {
    if (destination.url !== '')
        return destination.url;
    if (host === undefined || host.publicAddress === '')
        return '';
    return `http://${host.publicAddress}${hostPort === 80 ? '' : `:${hostPort}`}`;
}
/**
 * Waits until every host is ready.
 * @param settings of the release that is to serve, whose secrets the hosts have to read
 */
async function waitForHosts(run, facts, runCommand, source, settings) {
    const started = Date.now();
    const deadline = (0,clock/* deadlineIn */._5)(run.inputs.waitForInstance);
    const instanceIds = await (0,readiness/* waitUntilOnline */.XW)(runCommand, source, deadline);
    const hosts = await inspect(run, facts, { runCommand, source, instanceIds, settings, deadline });
    if (hosts.length === 0)
        throw new problem/* Problem */.A(`The hosts went away while they were asked: ${source.name}.`);
    facts.outputs.instanceIds = hosts.map(({ instanceId }) => instanceId);
    for (const { instanceId, report } of hosts) {
        run.log(`The host ${instanceId} is ready: docker ${report.engine}, ${report.architecture} (after ${(0,clock/* secondsSince */.wv)(started)} s)`);
        if (report.boot !== 'error')
            continue;
        (0,build_facts/* note */.N4)(run, facts, `The user data of the host ${instanceId} ended with an error; see /var/log/cloud-init-output.log there.`);
    }
    return hosts;
}
/** A host whose time is over still says what it waited for, unless the agent kills its program first; a busy one takes seconds. */
const reportSeconds = 15;
/** Asks hosts whether their boot has ended, their engine answers, their secrets can be read, and what is live. */
async function inspect(run, facts, question) {
    const { runCommand, source, instanceIds, settings } = question;
    const allowed = Math.max((0,clock/* secondsUntil */.Ch)(question.deadline), 30);
    const plan = (0,rollout_plan/* inspectPlan */.In)(run.inputs, settings, (0,clock/* hostTimeIn */.LD)(allowed));
    const runs = await (0,fleet/* runPlan */.F)(runCommand, instanceIds, plan, {
        document: run.inputs.ssmDocument,
        comment: `ec2-deploy: inspect ${run.inputs.appName}`,
        executionTimeout: allowed + reportSeconds,
        sent: (id) => facts.commandIds.push(id),
        gone: (ids) => (0,readiness/* goneFrom */.O5)(source, ids),
    });
    const silent = runs.filter(({ status }) => status !== 'Success').map(({ instanceId }) => instanceId);
    const gone = silent.length === 0 ? [] : await (0,readiness/* goneFrom */.O5)(source, silent);
    const present = runs.filter(({ instanceId }) => !gone.includes(instanceId));
    for (const { report } of present)
        await requireSameProgram(run, report);
    const unready = present.filter(({ status }) => status !== 'Success');
    if (unready.length > 0)
        throw new problem/* Problem */.A(unready.map(describeUnready).join('\n'));
    return present.map(({ instanceId, report }) => ({ instanceId, report }));
}
function describeUnready(hostRun) {
    const judgement = (0,verdict/* judge */.S4)(hostRun);
    const why = hostRun.report.failure?.text ?? ('reason' in judgement ? judgement.reason : '');
    return `The host ${hostRun.instanceId} is not ready: ${why}`;
}
/** A document keeps the host program of the day on which it was made. */
async function requireSameProgram({ inputs }, { program }) {
    const { ssmDocument } = inputs;
    if (ssmDocument === '' || program === '')
        return;
    const { hostProgram, programDigest } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 4883));
    if (program === programDigest(await hostProgram()))
        return;
    throw new problem/* Problem */.A(`The SSM document ${ssmDocument} holds the host program of another version of this action. ` +
        'Deploy infra-template/host-document.yaml of the version that the workflow uses.');
}


/***/ }),

/***/ 188:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ZK: () => (/* binding */ tryTakeLease),
/* harmony export */   wL: () => (/* binding */ releaseLease)
/* harmony export */ });
/* unused harmony export isFree */
const freeLease = { holder: '', runUrl: '', deadline: '' };
/** @param now in milliseconds since the epoch */
function isFree(record, now) {
    return record.holder === '' || Date.parse(record.deadline) <= now;
}
/**
 * Tries once to take the lease.
 * @returns undefined if it was taken, else the record of who holds it
 */
async function tryTakeLease(store, wanted) {
    const current = await store.read();
    if (current === undefined) {
        return (await store.create(wanted)) ? undefined : (await store.read())?.record;
    }
    if (current.record.holder === wanted.holder)
        return undefined;
    if (!isFree(current.record, Date.now()))
        return current.record;
    return takeOver(store, current, wanted);
}
/**
 * Two may see the same free lease and write one after the other: the one whose write is the very next version has it, and the other
 * puts that record back.
 */
async function takeOver(store, free, wanted) {
    const version = await store.overwrite(wanted);
    if (version === free.version + 1)
        return undefined;
    const first = await store.readVersion(free.version + 1);
    await store.overwrite(first);
    return first;
}
/** Gives the lease back, if it is still this holder's. */
async function releaseLease(store, holder) {
    const current = await store.read();
    if (current?.record.holder === holder)
        await store.overwrite(freeLease);
}


/***/ }),

/***/ 5525:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ep: () => (/* binding */ conclude),
/* harmony export */   Hg: () => (/* binding */ emptyLedger),
/* harmony export */   PZ: () => (/* binding */ releaseBefore),
/* harmony export */   bM: () => (/* binding */ formatRecord),
/* harmony export */   db: () => (/* binding */ parseLedgerEntry),
/* harmony export */   eq: () => (/* binding */ recordNames),
/* harmony export */   gp: () => (/* binding */ nextReleaseId),
/* harmony export */   h8: () => (/* binding */ parseLedger),
/* harmony export */   kA: () => (/* binding */ largestRecord),
/* harmony export */   qN: () => (/* binding */ begin)
/* harmony export */ });
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8522);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(411);
/* harmony import */ var _release_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3007);



const emptyLedger = { lastSequence: 0, live: '', releases: [], unproven: [] };
/** Where an app's records are, in Parameter Store. */
const recordNames = {
    ledger: (app) => `/ec2-deploy/${app}/ledger`,
    release: (app, id) => `/ec2-deploy/${app}/releases/${id}`,
    livePlan: (app) => `/ec2-deploy/${app}/live-plan`,
    lease: (app) => `/ec2-deploy/${app}/lease`,
};
/**
 * The id of the next release. Hosts count too: a ledger that was deleted must not hand out an id that a host still knows.
 * @param knownToHosts ids of the releases that hosts say are live
 */
function nextReleaseId(ledger, knownToHosts, digest) {
    const used = Math.max(ledger.lastSequence, ...knownToHosts.map(_release_js__WEBPACK_IMPORTED_MODULE_1__/* .sequenceOf */ .nD));
    return (0,_release_js__WEBPACK_IMPORTED_MODULE_1__/* .releaseId */ .Bf)(used + 1, digest);
}
/** The ledger once a rollout of the release has begun; one that served before is not unproven again. */
function begin(ledger, id) {
    const unproven = ledger.releases.includes(id) ? ledger.unproven : [id, ...ledger.unproven];
    return { ...ledger, lastSequence: Math.max(ledger.lastSequence, (0,_release_js__WEBPACK_IMPORTED_MODULE_1__/* .sequenceOf */ .nD)(id)), unproven };
}
/**
 * The release to go back to: of those that are older than the live one, the last that served.
 * @returns undefined if none is kept
 */
function releaseBefore({ live, releases }) {
    return releases.find((id) => (0,_release_js__WEBPACK_IMPORTED_MODULE_1__/* .sequenceOf */ .nD)(id) < (0,_release_js__WEBPACK_IMPORTED_MODULE_1__/* .sequenceOf */ .nD)(live));
}
/**
 * The ledger once a rollout has ended. A refused release takes the place of none that can be gone back to.
 * @param serving the release that serves now; empty if none does or nobody knows, and then hosts still go back to the one before
 * @param keep how many releases to keep, the live one always among them, and how many of those that never served
 */
function conclude(ledger, serving, keep) {
    const live = serving || ledger.live;
    const isKnown = ledger.unproven.includes(live) || ledger.releases.includes(live);
    const served = isKnown ? [live, ...ledger.releases.filter((id) => id !== live)] : ledger.releases;
    const refused = ledger.unproven.filter((id) => id !== live);
    const releases = served.filter((id, index) => index < keep || id === live);
    const unproven = refused.slice(0, keep);
    const dropped = [...served, ...refused].filter((id) => !releases.includes(id) && !unproven.includes(id));
    return { ledger: { ...ledger, live, releases, unproven }, dropped };
}
/** Parameter Store's limit for an advanced parameter, in bytes. */
const largestRecord = 8192;
/** Above the standard tier's limit a record is compressed, since the advanced tier costs money. */
const largestPlainRecord = 4096;
const compressedMark = 'gzip:';
/**
 * A record as Parameter Store takes it: JSON, compressed if large. It refuses values with double braces, so those of texts are escaped.
 * @throws Problem if it is too large even so
 */
function formatRecord(record) {
    const json = JSON.stringify(record).replace(/"(?:[^"\\]|\\.)*"/g, escapeBraces);
    if (Buffer.byteLength(json) <= largestPlainRecord)
        return json;
    const compressed = compressedMark + (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gzipSync)(json, { level: 9 }).toString('base64');
    if (Buffer.byteLength(compressed) <= largestRecord)
        return compressed;
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .A(`The record of this release is ${Buffer.byteLength(compressed)} bytes, compressed, and Parameter Store takes ${largestRecord}. ` +
        'Most of it is the values of the input env: move large ones to Parameter Store or Secrets Manager and name them in secrets.');
}
function escapeBraces(text) {
    return text.replaceAll('{', '\\u007b').replaceAll('}', '\\u007d');
}
/** Reads what formatRecord wrote. */
function parseLedger(text) {
    return JSON.parse(plainRecord(text));
}
/** Reads what formatRecord wrote. */
function parseLedgerEntry(text) {
    return JSON.parse(plainRecord(text));
}
function plainRecord(text) {
    if (!text.startsWith(compressedMark))
        return text;
    return (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gunzipSync)(Buffer.from(text.slice(compressedMark.length), 'base64')).toString('utf8');
}


/***/ }),

/***/ 6653:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Q2: () => (/* binding */ liveOn),
  Of: () => (/* binding */ rollOut),
  pb: () => (/* binding */ servesAlready),
  pS: () => (/* binding */ withLease)
});

// EXTERNAL MODULE: ./build/clock.js + 1 modules
var clock = __webpack_require__(4701);
// EXTERNAL MODULE: ./build/facts.js
var build_facts = __webpack_require__(7059);
// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(411);
// EXTERNAL MODULE: ./build/release/lease.js
var lease = __webpack_require__(188);
// EXTERNAL MODULE: ./build/release/release.js
var release = __webpack_require__(3007);
;// CONCATENATED MODULE: ./build/report/dossier.js
/** Makes the diagnosis from what the host saw. */
function writeDossier(failure, settings) {
    return {
        diagnosis: diagnose(failure, settings),
        facts: listFacts(failure, settings),
        log: failure.log || failure.migrationLog || failure.programLog,
    };
}
function diagnose(failure, settings) {
    if (failure.outOfMemory)
        return describeOutOfMemory(settings);
    if (isForeignBinary(failure)) {
        return ('The host cannot run the container\'s program ("exec format error"): it is for another processor architecture (leave the input ' +
            'platform empty, or set it to what the host is), or a script without a first line such as #!/bin/sh.');
    }
    if (failure.code === 'wrong-architecture') {
        return `${sentence(failure.text)} Leave the input platform empty, or set it to what the host is.`;
    }
    if (failure.code === 'candidate-exited' || isMissingCommand(failure))
        return describeExit(failure);
    if (failure.code === 'candidate-unhealthy')
        return describeSilence(failure, settings);
    return sentence(failure.text);
}
function describeOutOfMemory({ container }) {
    const limit = container.memory === '' ? "the host's memory" : `its limit of ${container.memory}`;
    return `The container ran out of memory (${limit}) and was killed. Raise the input memory, or take a larger instance.`;
}
function isForeignBinary({ log, containerError }) {
    return /exec format error/i.test(log + containerError);
}
/** Docker's own codes for a command that it cannot run, and those of a shell. */
function isMissingCommand({ exitCode }) {
    return exitCode === 126 || exitCode === 127;
}
function describeExit(failure) {
    const { exitCode, containerError } = failure;
    if (isMissingCommand(failure)) {
        return `The container's command cannot be run (exit code ${exitCode}). ${containerError}`.trim();
    }
    if (exitCode === 0) {
        return 'The container ended by itself with exit code 0 before it answered. Its command must keep running in the foreground.';
    }
    return `The container crashed at start: it ended with exit code ${exitCode} before it answered. Its last lines say why.`;
}
/** The container runs and does not get healthy: look at where it listens, then at what it answers. */
function describeSilence(failure, settings) {
    const wanted = settings.container.containerPort;
    const sockets = failure.listening.map(parseSocket);
    const onPort = sockets.filter(({ port }) => port === wanted);
    if (sockets.length === 0) {
        return `The container runs and listens on no port. The app must listen on port ${wanted}, or start faster than health-timeout (${settings.healthTimeout} s).`;
    }
    if (onPort.length === 0) {
        const ports = [...new Set(sockets.map(({ port }) => port))];
        return `The container listens on port ${ports.join(', ')}, not on ${wanted}. Set the input container-port to ${ports[0]}, or let the app listen on ${wanted}.`;
    }
    if (onPort.every(({ host }) => host === 'loopback')) {
        return `The container listens on port ${wanted} of its own loopback only. Let the app listen on 0.0.0.0.`;
    }
    return describeAnswers(failure, settings);
}
function describeAnswers({ answers }, { healthPath }) {
    const [most] = [...answers].sort((a, b) => b.count - a.count);
    const status = most?.status ?? '000';
    if (status === '000') {
        return `The container takes connections and does not answer GET ${healthPath}. Is it still starting (raise health-timeout), or stuck?`;
    }
    if (status === '404') {
        return `The container answered 404 to GET ${healthPath}. Set the input health-path to a path that answers 2xx.`;
    }
    if (status.startsWith('3')) {
        return `The container answered ${status} to GET ${healthPath}: a redirect does not count. Set the input health-path to a path that answers 2xx itself.`;
    }
    return `The container answered ${status} to GET ${healthPath} (${most?.count} times) and never 2xx.`;
}
function listFacts(failure, { container, healthPath }) {
    const answers = failure.answers.map(({ status, count }) => `${status === '000' ? 'none' : status} × ${count}`);
    const sockets = failure.listening.map(parseSocket);
    return [
        sentence(failure.text),
        ...fact('Exit code', failure.running === true ? undefined : failure.exitCode),
        ...fact('Docker says', failure.containerError),
        ...fact('Listens on', sockets.map(({ host, port }) => `${port} (${host})`).join(', ')),
        ...fact(`Answers to GET ${healthPath} on port ${container.containerPort}`, answers.join(', ')),
        ...fact('Last body', failure.healthBody),
        ...fact('Last connection error', failure.healthError),
    ];
}
function fact(name, value) {
    return value === undefined || value === '' ? [] : [`${name}: ${String(value).trim()}`];
}
/** ADDRESS:PORT in hexadecimal, as the kernel writes it (proc_pid_net(5)). */
function parseSocket(text) {
    const [address = '', port = ''] = text.split(':');
    return { host: hostOf(address), port: Number.parseInt(port, 16) };
}
function hostOf(address) {
    if (/^0+$/.test(address))
        return 'any';
    return address.endsWith('7F') || address === '00000000000000000000000001000000' ? 'loopback' : 'other';
}
function sentence(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

// EXTERNAL MODULE: ./build/rollout/bring-back.js
var bring_back = __webpack_require__(8508);
// EXTERNAL MODULE: ./build/rollout/fleet.js
var fleet = __webpack_require__(6490);
;// CONCATENATED MODULE: ./build/rollout/lease.js



const pace = { shortest: 2000, longest: 10_000 };
/**
 * Waits until the lease is free and takes it.
 * @param tell gets a line whenever there is something to say about the wait
 * @throws Problem naming the holder at the deadline
 */
async function takeLease(store, wanted, deadline, tell) {
    let holder;
    const taken = await (0,clock/* poll */.wt)({ ...pace, deadline }, async () => {
        holder = await (0,lease/* tryTakeLease */.ZK)(store, wanted);
        if (holder === undefined)
            return true;
        tell(`Waiting for the rollout of ${describe(holder)} (${(0,clock/* secondsUntil */.Ch)(deadline)} s left)`);
        return undefined;
    });
    if (taken)
        return;
    throw new problem/* Problem */.A(`Another rollout holds the lease: ${holder === undefined ? 'unknown' : describe(holder)}. Wait for it, or raise wait-for-lease.`);
}
function describe({ holder, runUrl, deadline }) {
    return `${runUrl || holder}, which must end by ${deadline}`;
}

// EXTERNAL MODULE: ./build/rollout/plan.js + 1 modules
var rollout_plan = __webpack_require__(1499);
// EXTERNAL MODULE: ./build/rollout/readiness.js
var readiness = __webpack_require__(3758);
// EXTERNAL MODULE: ./build/rollout/verdict.js
var verdict = __webpack_require__(7839);
;// CONCATENATED MODULE: ./build/roll-out.js












/** Takes the lease, and gives it back whatever happens. */
async function withLease(run, facts, records, story) {
    (0,build_facts/* remember */.kY)(run, facts, { leaseAsked: true });
    const wanted = {
        holder: run.holder,
        runUrl: run.runUrl,
        deadline: new Date(run.deadline + wayBackSeconds(run.inputs) * 1000).toISOString(),
    };
    await takeLease(records.lease, wanted, (0,clock/* deadlineIn */._5)(run.inputs.waitForLease), run.log);
    try {
        await story();
    }
    finally {
        await (0,lease/* releaseLease */.wL)(records.lease, run.holder);
        (0,build_facts/* remember */.kY)(run, facts, { leaseAsked: false });
    }
}
/** Time that a host may need beyond the deadline to go back: the old release gets healthy, the new one stops. */
function wayBackSeconds({ healthTimeout, drainTimeout }) {
    return healthTimeout + drainTimeout + 30;
}
/** The release that the hosts say is live; the ledger's, if they differ. */
function liveOn(hosts, liveInLedger) {
    const live = hosts.flatMap(({ report }) => report.live ?? []);
    return live.find(({ release }) => release === liveInLedger) ?? live[0];
}
/** Whether every host serves this digest with these settings, and the secrets' values have not changed. */
function servesAlready(hosts, { digest, settings, strategy }) {
    const [first] = hosts;
    return hosts.every(({ report: { live } }) => live !== undefined &&
        live.release === first?.report.live?.release &&
        live.digest === digest &&
        live.settings === (0,release/* settingsDigest */.KI)(settings, strategy) &&
        live.environment === 'same' &&
        live.serving);
}
/**
 * Brings a release to every host, or takes it back from all of them, and writes down how that ended.
 * @param migrateCommand arguments of the one-off container that migrates; empty for no migration
 */
async function rollOut(run, facts, scene, entry, migrateCommand) {
    const { records, ledger } = scene;
    facts.outputs.release = entry.id;
    // Before the first word of it is written: the post step of a run that is cut off concludes what it finds begun.
    (0,build_facts/* remember */.kY)(run, facts, { rollout: rolloutMemory(run, scene, entry) });
    const begun = await records.begin(ledger, entry);
    const serving = await carryOut(run, facts, scene, { release: entry, migrateCommand });
    const status = statusOf(facts, entry.id, serving);
    await records.conclude(begun, { ...entry, status }, serving, run.inputs.keepReleases);
}
function statusOf({ outputs }, release, serving) {
    if (serving === release)
        return 'live';
    return outputs.verdict === 'rolled-back' ? 'rolled-back' : 'failed';
}
function rolloutMemory({ inputs }, { hosts }, release) {
    return {
        instanceIds: hosts.map(({ instanceId }) => instanceId),
        commandIds: [],
        release: release.id,
        image: release.image,
        hostPort: release.settings.hostPort,
        healthTimeout: inputs.healthTimeout,
        keepReleases: inputs.keepReleases,
    };
}
/** @returns the release that serves now; empty if none does, or nobody knows */
async function carryOut(run, facts, scene, given) {
    const { release } = given;
    const seconds = (0,clock/* secondsUntil */.Ch)(run.deadline);
    if (seconds === 0)
        throw new problem/* Problem */.A('The timeout passed before the rollout began. Raise the input timeout.');
    const rollout = { ...given, run: run.holder, deadline: (0,clock/* hostTimeIn */.LD)(seconds) };
    const count = scene.hosts.length > 1 ? ` on ${scene.hosts.length} hosts` : '';
    run.log(`Rolling out ${release.id} by ${release.strategy}${count}`);
    const { verdict, serving, reason } = await runStages(run, facts, scene, rollout);
    facts.outputs.verdict = verdict;
    facts.reason = reason;
    if (serving === release.id)
        await writeLivePlan(run, facts, scene.records, rollout);
    (0,build_facts/* remember */.kY)(run, facts, { rollout: undefined });
    return serving;
}
async function writeLivePlan(run, facts, records, rollout) {
    if (await records.writeLivePlan((0,rollout_plan/* livePlan */.iq)(run.inputs, rollout)))
        return;
    (0,build_facts/* note */.N4)(run, facts, 'The settings of this release are too large for Parameter Store: a host that is replaced comes up on the release before.');
}
// --- stage by stage --------------------------------------------------------------------------------------------------
/** Less than this before the deadline, hosts would go back by themselves while a stage brings others forward. */
const leastSeconds = 10;
async function runStages(run, facts, scene, rollout) {
    const all = scene.hosts.map(({ instanceId }) => instanceId);
    const plan = (0,rollout_plan/* stages */._$)(all, run.inputs.batchSize, rollout.migrateCommand.length > 0);
    let present = all;
    for (const stage of plan) {
        const instanceIds = stage.instanceIds.filter((id) => present.includes(id));
        if (instanceIds.length === 0)
            continue;
        if (stage !== plan[0] && (0,clock/* secondsUntil */.Ch)(run.deadline) < leastSeconds)
            return takeBack(run, facts, scene, rollout, { failed: [], present, late: true });
        const failed = await runStage(run, facts, scene, rollout, { ...stage, instanceIds });
        if (failed.length === 0)
            continue;
        const gone = await noteGone(run, facts, scene, failed);
        present = present.filter((id) => !gone.includes(id));
        const trouble = failed.filter(({ instanceId }) => present.includes(instanceId));
        if (trouble.length > 0 || present.length === 0)
            return takeBack(run, facts, scene, rollout, { failed: trouble, present, late: false });
    }
    return { verdict: 'deployed', serving: rollout.release.id, reason: '' };
}
/** @returns the hosts that did not do what they were to do, with how the command ended there */
async function runStage(run, facts, scene, rollout, stage) {
    const failed = await runVerbs(run, facts, scene, rollout, stage);
    if (stage.verbs !== 'settle' || failed.length === 0 || failed.length === stage.instanceIds.length)
        return failed;
    // The others have given the old release up: on the new one all can still meet.
    const behind = failed.map(({ instanceId }) => instanceId);
    run.log(`${behind.join(', ')} did not settle: rolling out there once more`);
    return runVerbs(run, facts, scene, rollout, { verbs: 'prepare switch settle', instanceIds: behind });
}
async function runVerbs(run, facts, scene, rollout, { verbs, instanceIds }) {
    const { inputs } = run;
    if (scene.hosts.length > 1)
        run.log(`${verbs}: ${instanceIds.join(', ')}`);
    const commandIds = [];
    const runs = await (0,fleet/* runPlan */.F)(scene.runCommand, instanceIds, (0,rollout_plan/* rolloutPlan */.ho)(inputs, rollout, verbs), {
        document: inputs.ssmDocument,
        comment: `ec2-deploy: roll out ${inputs.appName} ${rollout.release.id} (${verbs})`,
        executionTimeout: (0,clock/* secondsUntil */.Ch)(run.deadline) + wayBackSeconds(inputs),
        sent: (commandId) => {
            facts.commandIds.push(commandId);
            commandIds.push(commandId);
            const memory = { ...rolloutMemory(run, scene, rollout.release), commandIds };
            (0,build_facts/* remember */.kY)(run, facts, { rollout: memory });
            run.log(`Command ${commandId}: ${consoleUrl(inputs.region, commandId)}`);
        },
        gone: (ids) => (0,readiness/* goneFrom */.O5)(scene.source, ids),
    });
    facts.hostRuns.push(...runs);
    for (const hostRun of runs)
        noteRemarks(run, facts, scene, hostRun);
    return runs.filter((hostRun) => !['deployed', 'under-way'].includes((0,verdict/* judge */.S4)(hostRun).verdict));
}
function noteRemarks(run, facts, { hosts }, { instanceId, report }) {
    const where = hosts.length > 1 ? `${instanceId}: ` : '';
    if (report.metricsProblem !== '')
        (0,build_facts/* note */.N4)(run, facts, `${where}The release serves, but its metrics do not: ${report.metricsProblem}`);
    if (report.drainExpired)
        (0,build_facts/* note */.N4)(run, facts, `${where}Requests to the old release were still running after drain-timeout (${run.inputs.drainTimeout} s) and were cut.`);
}
/** An instance that was terminated meanwhile is no failure where hosts come and go. */
async function noteGone(run, facts, { source }, failed) {
    const gone = await (0,readiness/* goneFrom */.O5)(source, failed.map(({ instanceId }) => instanceId));
    for (const id of gone)
        (0,build_facts/* note */.N4)(run, facts, `The instance ${id} went away during the rollout.`);
    return gone;
}
async function takeBack(run, facts, scene, { release }, { failed, present, late }) {
    if (present.length === 0)
        return { verdict: 'failed', serving: '', reason: 'All hosts went away during the rollout.' };
    facts.dossier = dossierOf(run, failed, release);
    const cause = late
        ? 'The timeout passed before the rollout had ended on all hosts. Raise the input timeout.'
        : (0,verdict/* causeOf */.rl)(failed, scene.hosts.length);
    return ownVerdict(scene, failed) ?? bringAllBack(run, facts, scene, { failed, present, cause });
}
function dossierOf({ inputs }, failed, release) {
    const failure = failed.find(({ report }) => report.failure !== undefined)?.report.failure;
    if (failure === undefined)
        return undefined;
    const { settings: container, healthPath } = release;
    return writeDossier(failure, { container, healthPath, healthTimeout: inputs.healthTimeout });
}
/** A single host that had time to say why it failed has gone back by itself, and has said that too. */
function ownVerdict({ hosts }, [only]) {
    if (hosts.length > 1 || only === undefined)
        return undefined;
    const judgement = (0,verdict/* judge */.S4)(only);
    if (judgement.verdict !== 'rolled-back' && judgement.verdict !== 'failed')
        return undefined;
    return { ...judgement, serving: only.report.serving };
}
async function bringAllBack(run, facts, scene, { failed, present, cause }) {
    const { rollout } = facts.memory;
    if (rollout === undefined)
        throw new problem/* Problem */.A(cause);
    run.log(`${cause} Bringing back ${present.join(', ')}`);
    const cutOff = { ...facts.memory, rollout: { ...rollout, instanceIds: present } };
    const ways = await (0,bring_back.bringBack)(scene.runCommand, cutOff, (id) => facts.commandIds.push(id)).catch((error) => {
        throw new problem/* Problem */.A(`${cause} What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself. ${error.message}`, { cause: error });
    });
    return (0,verdict.judgeWaysBack)(ways, rollout.release, cause, failed.some(verdict/* isMigrationFailure */.D_));
}
function consoleUrl(region, commandId) {
    return `https://${region}.console.aws.amazon.com/systems-manager/run-command/${commandId}?region=${region}`;
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
 * Stops a rollout that may still be under way, and brings its hosts back to their live release.
 * @param sent called with the id of each command that does it
 * @returns one way back a host
 */
async function bringBack(runCommand, { appName, region, ssmDocument, holder, rollout }, sent) {
    // A rollout that cannot be killed stops at its next step, when it sees that its run was given up.
    const stopped = rollout.commandIds.map((id) => (0,_fleet_js__WEBPACK_IMPORTED_MODULE_1__/* .stopCommand */ .I)(runCommand, id, (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .deadlineIn */ ._5)(cancelSeconds)));
    await Promise.allSettled(stopped);
    const seconds = revertSeconds + rollout.healthTimeout;
    const plan = (0,_plan_js__WEBPACK_IMPORTED_MODULE_2__/* .revertPlan */ .e)({ ...rollout, appName, region, run: holder }, (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .hostTimeIn */ .LD)(seconds));
    const runs = await (0,_fleet_js__WEBPACK_IMPORTED_MODULE_1__/* .runPlan */ .F)(runCommand, rollout.instanceIds, plan, {
        document: ssmDocument,
        comment: `ec2-deploy: undo ${appName} ${rollout.release}`,
        executionTimeout: seconds,
        sent,
    });
    return runs.map(toWayBack);
}
function toWayBack({ instanceId, status, report }) {
    if (report.outcome === 'reverted')
        return { instanceId, state: 'serving', serving: report.serving, problem: '' };
    if (report.outcome === 'empty')
        return { instanceId, state: 'empty', serving: '', problem: '' };
    const cause = report.brokenText || report.failure?.text || `the command ended as ${status}`;
    const problem = `The way back failed on ${instanceId}: ${cause}. The host goes back by itself when the rollout's time is over; look at it with the next run.`;
    return { instanceId, state: 'unknown', serving: '', problem };
}


/***/ }),

/***/ 3758:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $X: () => (/* binding */ namedHosts),
/* harmony export */   I7: () => (/* binding */ taggedHosts),
/* harmony export */   O5: () => (/* binding */ goneFrom),
/* harmony export */   RF: () => (/* binding */ waitUntilRunning),
/* harmony export */   XW: () => (/* binding */ waitUntilOnline)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(411);


const pace = { shortest: 1000, longest: 5000 };
/** These hosts and no others. */
function namedHosts(instances, instanceIds) {
    const place = ({ instanceId }) => instanceIds.indexOf(instanceId);
    return {
        name: instanceIds.join(', '),
        changes: false,
        look: async () => {
            const hosts = await instances.describe(instanceIds);
            for (const host of hosts)
                requireStartable(host);
            return hosts.sort((one, other) => place(one) - place(other));
        },
    };
}
/** @param name what has these hosts, as messages call it */
function taggedHosts(instances, tags, name) {
    return { name, changes: true, look: () => instances.withTags(tags) };
}
/** Which of the hosts are no longer there. */
async function goneFrom(source, instanceIds) {
    if (!source.changes)
        return [];
    const present = new Set((await source.look()).map(({ instanceId }) => instanceId));
    return instanceIds.filter((id) => !present.has(id));
}
/**
 * Waits until the instances run.
 * @throws Problem at once for one that will not start by itself, or at the deadline
 */
async function waitUntilRunning(source, deadline) {
    let hosts = [];
    const running = await (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .poll */ .wt)({ ...pace, deadline }, async () => {
        hosts = await source.look();
        return hosts.length > 0 && hosts.every(({ state }) => state === 'running') ? hosts : undefined;
    });
    if (running !== undefined)
        return running;
    if (hosts.length === 0) {
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`There is no running instance: ${source.name} has none. Check the input that names it, and the group's desired capacity.`);
    }
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`${list(hosts)} did not start in time. Look at its state in the EC2 console.`);
}
function requireStartable({ instanceId, state }) {
    if (state === 'pending' || state === 'running')
        return;
    const advice = state.startsWith('stop')
        ? `Start it: aws ec2 start-instances --instance-ids ${instanceId}`
        : 'Make a new one, and check the input that names it.';
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`The instance ${instanceId} is ${state}. ${advice}`);
}
/**
 * Waits until every host's agent is connected.
 * @returns the hosts that are there by then
 * @throws Problem naming the likely cause at the deadline
 */
async function waitUntilOnline(runCommand, source, deadline) {
    let instanceIds = [];
    let agents = new Map();
    const waited = (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .secondsUntil */ .Ch)(deadline);
    const online = await (0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .poll */ .wt)({ ...pace, deadline }, async () => {
        instanceIds = (await source.look()).map(({ instanceId }) => instanceId);
        agents = await runCommand.agents(instanceIds);
        return instanceIds.length > 0 && instanceIds.every((id) => agents.get(id) === 'Online')
            ? true
            : undefined;
    });
    if (online)
        return instanceIds;
    const offline = instanceIds.filter((id) => agents.get(id) !== 'Online');
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(offline.map((id) => agentProblem(id, agents.get(id), waited)).join('\n'));
}
function agentProblem(instanceId, status, waited) {
    if (status === undefined) {
        return (`The agent on ${instanceId} never came online (waited ${waited} s). Check that the instance has a profile whose role lets the agent in ` +
            '(AmazonSSMManagedEC2InstanceDefaultPolicy), that the agent is installed, and that the instance reaches the internet.');
    }
    return (`The agent on ${instanceId} was online once and is not now (${status}; waited ${waited} s). ` +
        `Check the instance's load, disk and network, or reboot it: aws ec2 reboot-instances --instance-ids ${instanceId}`);
}
function list(hosts) {
    return hosts.map(({ instanceId, state }) => `${instanceId} (${state})`).join(', ');
}


/***/ }),

/***/ 7839:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D_: () => (/* binding */ isMigrationFailure),
/* harmony export */   S4: () => (/* binding */ judge),
/* harmony export */   judgeWaysBack: () => (/* binding */ judgeWaysBack),
/* harmony export */   rl: () => (/* binding */ causeOf)
/* harmony export */ });
/** @param run how a command of the rollout ended on the host */
function judge({ instanceId, status, report }) {
    const cause = report.failure?.text ?? '';
    switch (report.outcome) {
        case 'deployed':
            return { verdict: 'deployed' };
        case 'prepared':
        case 'switched':
            return { verdict: 'under-way' };
        case 'reverted':
            // A migration that failed may have left its marks in the database: nothing was taken back, nothing was switched.
            return isMigrationFailure({ report })
                ? { verdict: 'failed', reason: `${cause} ${report.serving} serves as before.` }
                : { verdict: 'rolled-back', reason: cause };
        case 'empty':
            return { verdict: 'failed', reason: `${cause} ${nothingBefore}` };
        case 'broken':
            return {
                verdict: 'failed',
                reason: `${cause} The way back failed too: ${report.brokenText}`.trim(),
            };
        default:
            return unended(instanceId, status, cause);
    }
}
const nothingBefore = 'There is no release before it, so nothing serves yet.';
function isMigrationFailure({ report }) {
    return report.failure?.code === 'migration-failed';
}
function unended(instanceId, status, cause) {
    if (cause !== '')
        return { verdict: 'failed', reason: cause };
    return {
        verdict: 'undetermined',
        reason: `${instanceId}: ${meanings[status] ?? `the command ended as ${status}.`}`,
    };
}
const meanings = {
    Undeliverable: 'the command could not be delivered: the agent is not connected.',
    DeliveryTimedOut: 'the agent did not take the command, or was lost while it ran.',
    ExecutionTimedOut: 'the host did not end in time and was stopped.',
    Cancelled: 'the command was cancelled.',
    Terminated: 'the command was stopped because of errors on other hosts.',
    AccessDenied: "the workflow's role may not send commands to this instance. Does the instance have the tag that the policy asks for?",
    Gone: 'the instance is not there any more.',
    Unknown: 'the service did not say how the command ended: the agent was lost.',
};
/**
 * What traffic says of all hosts once each was brought back.
 * @param candidate the release whose rollout was taken back
 * @param cause why it was
 * @param migrationFailed whether the cause is a migration, after which the database may be another
 */
function judgeWaysBack(ways, candidate, cause, migrationFailed = false) {
    const problems = ways.filter(({ state }) => state === 'unknown').map(({ problem }) => problem);
    const releases = [...new Set(ways.flatMap(({ serving }) => (serving === '' ? [] : [serving])))];
    // If hosts differ, what the release before is stays the one to come back to.
    const serving = releases.find((release) => release !== candidate) ?? releases[0] ?? '';
    const reason = [cause, ...problems, ...differences(ways, releases)].join(' ').trim();
    if (problems.length > 0 || releases.length > 1)
        return { verdict: 'failed', serving, reason };
    if (serving === '')
        return { verdict: 'failed', serving, reason: `${cause} ${nothingBefore}` };
    if (serving === candidate)
        return { verdict: 'deployed', serving, reason: '' };
    if (migrationFailed)
        return { verdict: 'failed', serving, reason: `${reason} ${serving} serves as before.` };
    return { verdict: 'rolled-back', serving, reason };
}
/** Told only where hosts are not all alike. */
function differences(ways, releases) {
    const isMixed = releases.length > 1 || (releases.length > 0 && ways.some(({ state }) => state === 'empty'));
    if (!isMixed)
        return [];
    return ways
        .filter(({ state }) => state !== 'unknown')
        .map(({ instanceId, serving }) => serving === '' ? `${instanceId} had no release before it.` : `${instanceId} serves ${serving}.`);
}
/**
 * Why hosts did not do their part of a rollout, each cause once.
 * @param failed how the command ended on the hosts that did not
 * @param hosts how many hosts the rollout has: with one, it needs no name
 */
function causeOf(failed, hosts) {
    const causes = new Map();
    for (const run of failed) {
        const judgement = judge(run);
        const text = run.report.failure?.text || ('reason' in judgement ? judgement.reason : '');
        causes.set(text, [...(causes.get(text) ?? []), run.instanceId]);
    }
    return [...causes]
        .map(([text, instanceIds]) => hosts === 1 || text.startsWith(instanceIds[0] ?? '') ? text : `${instanceIds.join(', ')}: ${text}`)
        .join(' ');
}


/***/ })

};
