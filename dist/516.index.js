export const id = 516;
export const ids = [516,839];
export const modules = {

/***/ 516:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   check: () => (/* binding */ check)
/* harmony export */ });
/* harmony import */ var _doors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(489);
/* harmony import */ var _facts_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7059);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(411);
/* harmony import */ var _reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9759);




/** Asks every host whether it serves the live release; changes nothing, and never throws: what is wrong is in the result. */
function check(run) {
    return (0,_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .tell */ .qz)(run, (facts) => carryOut(run, facts));
}
async function carryOut(run, facts) {
    const { region, appName } = run.inputs;
    const found = await (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .findHosts */ .d6)(run, facts);
    const records = await (0,_doors_js__WEBPACK_IMPORTED_MODULE_2__/* .openRecords */ .tW)(region, appName);
    const { live } = await records.ledger();
    if (live === '')
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .A(`The ledger of ${appName} has no live release: nothing was deployed yet.`);
    const entry = await records.entry(live);
    facts.outputs.release = live;
    (0,_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .tellOf */ .zy)(facts, entry, (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .urlOf */ .rs)(found, entry.settings.hostPort));
    const hosts = await (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .waitForHosts */ .GV)(run, facts, await (0,_doors_js__WEBPACK_IMPORTED_MODULE_2__/* .openRunCommand */ .Lq)(region), found.source, entry.settings);
    noteChangedSecrets(run, facts, hosts);
    const problems = hosts.flatMap((host) => problemOf(host, live));
    if (problems.length > 0)
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .A(`${problems.join('\n')}\nDeploy again to mend it.`);
    facts.outputs.verdict = 'unchanged';
}
function problemOf({ instanceId, report }, live) {
    if (report.live === undefined)
        return [`${instanceId} has no release, and ${live} is live.`];
    if (report.live.release !== live)
        return [`${instanceId} has ${report.live.release}, and ${live} is live.`];
    return report.live.serving ? [] : [`${instanceId} has ${live}, and answers do not come from it.`];
}
function noteChangedSecrets(run, facts, hosts) {
    const changed = hosts.filter(({ report }) => report.live?.environment === 'changed');
    if (changed.length === 0)
        return;
    const ids = changed.map(({ instanceId }) => instanceId).join(', ');
    (0,_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .note */ .N4)(run, facts, `${ids}: values of secrets have changed since the release was started. Deploy again to take them.`);
}


/***/ }),

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
