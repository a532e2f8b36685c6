export const id = 875;
export const ids = [875,508];
export const modules = {

/***/ 1875:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  deploy: () => (/* binding */ deploy)
});

// EXTERNAL MODULE: ./build/clock.js + 1 modules
var clock = __webpack_require__(4701);
// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(411);
;// CONCATENATED MODULE: ./build/discover.js

/** The outputs that a stack must have to be deployed to. */
const stackOutputs = { instance: 'InstanceId', repository: 'RepositoryName' };
/**
 * Finds the hosts and the repository.
 * @throws Problem if the stack is missing or has not the outputs
 */
async function discover(inputs, stacks) {
    const { target, repository } = inputs;
    if (target.kind === 'instances')
        return { instanceIds: target.instanceIds, repository };
    const outputs = await (await stacks()).outputs(target.stackName);
    return {
        instanceIds: [requireOutput(target.stackName, outputs, stackOutputs.instance)],
        repository: repository || readRepository(inputs, target.stackName, outputs),
    };
}
function readRepository(inputs, stackName, outputs) {
    if (inputs.image.kind === 'existing')
        return outputs.get(stackOutputs.repository) ?? '';
    return requireOutput(stackName, outputs, stackOutputs.repository);
}
function requireOutput(stackName, outputs, name) {
    const value = outputs.get(name);
    if (value !== undefined && value !== '')
        return value;
    const present = [...outputs.keys()].join(', ') || 'none';
    throw new problem/* Problem */.A(`The stack ${stackName} has no output ${name} (it has: ${present}). Deploy infra-template/ or add the output to your template.`);
}

// EXTERNAL MODULE: ./build/doors.js
var doors = __webpack_require__(489);
// EXTERNAL MODULE: ./build/outputs.js
var outputs = __webpack_require__(214);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 11 modules
var core = __webpack_require__(3360);
// EXTERNAL MODULE: ./node_modules/@actions/exec/lib/exec.js + 5 modules
var exec = __webpack_require__(2876);
// EXTERNAL MODULE: ./build/host/protocol.js
var protocol = __webpack_require__(2147);
;// CONCATENATED MODULE: ./build/docker/arguments.js


/** @param inspection what `docker buildx inspect` printed; undefined if there is no buildx */
function builderOf(inspection) {
    const driver = /^Driver:\s*(\S+)/m.exec(inspection ?? '')?.[1];
    if (driver === undefined)
        return 'classic';
    return driver === 'docker' ? 'engine' : 'pushing';
}
/** Where the Dockerfile is, relative to the workspace. */
function dockerfileOf(build) {
    return build.dockerfile === '' ? (0,external_node_path_.join)(build.context, 'Dockerfile') : build.dockerfile;
}
/**
 * The arguments of docker that build an image.
 * @param platform `linux/amd64` or `linux/arm64`
 * @param names the image's names with tags
 * @param metadataFile where a pushing builder writes the digest
 */
function buildArguments(build, builder, platform, names, metadataFile) {
    return [
        ...commandOf(builder, metadataFile),
        ...['--platform', platform],
        ...['--file', dockerfileOf(build)],
        ...(build.stage === '' ? [] : ['--target', build.stage]),
        ...build.buildArguments.flatMap((argument) => ['--build-arg', (0,protocol/* assignment */.mU)(argument)]),
        ...names.flatMap((name) => ['--tag', name]),
        build.context,
    ];
}
/** Attestations would make the image an index, which ECR's basic scanning refuses (moby/buildkit#3499). */
function commandOf(builder, metadataFile) {
    if (builder === 'classic')
        return ['build'];
    const buildx = ['buildx', 'build', '--provenance=false', '--sbom=false'];
    return builder === 'engine'
        ? [...buildx, '--load']
        : [...buildx, '--push', '--metadata-file', metadataFile];
}
/** @param output what `docker push` printed; its last line names the digest */
function pushedDigest(output) {
    return /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
}
/** @param metadata the JSON that buildx wrote */
function builtDigest(metadata) {
    const digest = JSON.parse(metadata)['containerimage.digest'];
    return typeof digest === 'string' ? digest : undefined;
}

;// CONCATENATED MODULE: ./build/docker/docker.js








/**
 * Logs docker in to a registry. The password goes in by standard input, where no process list shows it.
 * @param config docker's configuration folder, where the login is kept
 */
async function logIn({ registry, user, password }, config) {
    const login = ['login', '--username', user, '--password-stdin', registry];
    const { exitCode, stderr } = await docker(login, config, { input: password, silent: true });
    if (exitCode === 0)
        return;
    throw new problem/* Problem */.A(`docker cannot log in to ${registry}. Check the runner's way to it (network, proxy), or run the job again later: ${lastLines(stderr)}`);
}
/**
 * Builds the image, pushes it under all its names and tells its digest in the registry.
 * @param config docker's configuration folder, with the login
 * @throws Problem if the Dockerfile is missing or docker fails
 */
async function buildAndPush(build, platform, names, config) {
    requireDockerfile(build);
    const builder = await currentBuilder(config);
    const metadataFile = (0,external_node_path_.join)(process.env['RUNNER_TEMP'] ?? (0,external_node_os_.tmpdir)(), `ec2-deploy-build-${process.pid}.json`);
    await runBuild(buildArguments(build, builder, platform, names, metadataFile), config);
    const digest = builder === 'pushing' ? await readBuiltDigest(metadataFile) : await pushAll(names, config);
    if (digest === undefined) {
        throw new problem/* Problem */.A(`docker did not tell the digest of ${names[0]}. Is the docker command older than 20.10?`);
    }
    return digest;
}
function requireDockerfile(build) {
    const dockerfile = dockerfileOf(build);
    if ((0,external_node_fs_.existsSync)(dockerfile))
        return;
    throw new problem/* Problem */.A(`There is no ${dockerfile} in ${process.cwd()}. Check the inputs context and dockerfile, and that actions/checkout runs before this step.`);
}
async function currentBuilder(config) {
    const { exitCode, stdout } = await docker(['buildx', 'inspect'], config, { silent: true });
    return builderOf(exitCode === 0 ? stdout : undefined);
}
async function runBuild(args, config) {
    const { exitCode, stderr, stdout } = await (0,core/* group */.Os)('docker build', () => docker(args, config));
    if (exitCode === 0)
        return;
    throw new problem/* Problem */.A(`docker build failed with exit code ${exitCode}: ${lastLines(stderr) || lastLines(stdout)}`);
}
async function readBuiltDigest(metadataFile) {
    const metadata = await (0,promises_.readFile)(metadataFile, 'utf8');
    await (0,promises_.rm)(metadataFile, { force: true });
    return builtDigest(metadata);
}
async function pushAll(names, config) {
    const digests = [];
    for (const name of names)
        digests.push(await push(name, config));
    return digests[0];
}
async function push(name, config) {
    const { exitCode, stdout, stderr } = await (0,core/* group */.Os)(`docker push ${name}`, () => docker(['push', name], config));
    if (exitCode === 0)
        return pushedDigest(stdout);
    throw new problem/* Problem */.A(`docker cannot push ${name}. The role needs the ECR push actions (README, "The exact IAM policy"), and the repository must let the tag be moved: ${lastLines(stderr)}`);
}
async function docker(args, config, { input, silent = false } = {}) {
    try {
        return await (0,exec/* getExecOutput */.H)('docker', args, {
            ignoreReturnCode: true,
            silent,
            env: { ...definedVariables(), DOCKER_CONFIG: config },
            ...(input === undefined ? {} : { input: Buffer.from(input) }),
        });
    }
    catch (error) {
        throw new problem/* Problem */.A('The runner has no docker command that works. Use a runner with docker (ubuntu-latest has it), or give the input image.', { cause: error });
    }
}
function definedVariables() {
    const defined = Object.entries(process.env).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]);
    return Object.fromEntries(defined);
}
/** The end of what a command said is where the cause is. */
function lastLines(text) {
    return text.trim().split('\n').slice(-5).join('\n');
}

// EXTERNAL MODULE: ./build/docker/login.js
var docker_login = __webpack_require__(9944);
;// CONCATENATED MODULE: ./build/provide-image.js



/**
 * Builds and pushes the image, or finds the one that exists.
 * @param platform of the hosts, for a build that names none
 * @param keepsLogin called with docker's configuration folder before it holds credentials
 */
async function provideImage(run, registry, repository, platform, keepsLogin) {
    const source = run.inputs.image;
    const login = await registry.login();
    if (source.kind === 'existing')
        return findImage(registry, login.registry, repository, source.image);
    await registry.requireRepository(repository);
    const dockerConfig = await (0,docker_login/* makeDockerConfig */.x0)(login.registry);
    keepsLogin(dockerConfig);
    await logIn(login, dockerConfig);
    const name = `${login.registry}/${repository}`;
    const build = { ...source, platform: source.platform || platform };
    run.log(`Building ${name} for ${build.platform} from ${build.context}`);
    const tags = await freeTags(registry, repository, run.commit);
    const names = tags.map((tag) => `${name}:${tag}`);
    const digest = await buildAndPush(build, build.platform, names, dockerConfig);
    const { bytes } = await registry.image(repository, digest);
    return { digest, image: `${name}@${digest}`, bytes, registry: login.registry };
}
/**
 * The commit names what is in it, `latest` is for people; the hosts use the digest. A commit that was built before keeps its first image: a
 * repository with immutable tags would refuse a second one, and a build is seldom the same twice.
 */
async function freeTags(registry, repository, commit) {
    const isFree = commit !== '' && (await registry.find(repository, commit)) === undefined;
    return [...(isFree ? [commit] : []), 'latest'];
}
async function findImage(registry, registryHost, repository, wanted) {
    const { name, reference } = splitReference(wanted);
    const ownRepository = name === repository ? repository : name.replace(`${registryHost}/`, '');
    if (name === repository || name.startsWith(`${registryHost}/`)) {
        const { digest, bytes } = await registry.image(ownRepository, reference);
        return { digest, image: `${registryHost}/${ownRepository}@${digest}`, bytes, registry: registryHost };
    }
    if (!reference.startsWith('sha256:')) {
        throw new problem/* Problem */.A(`The image ${wanted} is not in ${registryHost}, so its tag cannot be looked up. Name it by digest: NAME@sha256:…`);
    }
    return { digest: reference, image: wanted, bytes: 0, registry: '' };
}
/** NAME:TAG, NAME@DIGEST, or NAME:TAG@DIGEST, of which docker heeds the digest only. */
function splitReference(image) {
    const [tagged = '', digest] = image.split('@');
    // A colon before the last slash is a port's.
    const [, name = tagged, tag = ''] = /^(.*):([^/]*)$/.exec(tagged) ?? [];
    return { name, reference: digest ?? tag };
}

// EXTERNAL MODULE: ./build/release/lease.js
var lease = __webpack_require__(188);
// EXTERNAL MODULE: ./build/release/ledger.js
var release_ledger = __webpack_require__(5525);
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
var plan = __webpack_require__(1499);
;// CONCATENATED MODULE: ./build/rollout/readiness.js


const readiness_pace = { shortest: 1000, longest: 5000 };
/**
 * Waits until the instances run.
 * @throws Problem at once for one that will not start by itself, or at the deadline
 */
async function waitUntilRunning(instances, instanceIds, deadline) {
    let hosts = [];
    const running = await (0,clock/* poll */.wt)({ ...readiness_pace, deadline }, async () => {
        hosts = await instances.describe(instanceIds);
        for (const host of hosts)
            requireStartable(host);
        return hosts.every(({ state }) => state === 'running') ? hosts : undefined;
    });
    if (running !== undefined)
        return running;
    throw new problem/* Problem */.A(`${list(hosts)} did not start in time. Look at its state in the EC2 console.`);
}
function requireStartable({ instanceId, state }) {
    if (state === 'pending' || state === 'running')
        return;
    const advice = state.startsWith('stop')
        ? `Start it: aws ec2 start-instances --instance-ids ${instanceId}`
        : 'Make a new one, and check the input that names it.';
    throw new problem/* Problem */.A(`The instance ${instanceId} is ${state}. ${advice}`);
}
/**
 * Waits until every host's agent is connected.
 * @throws Problem naming the likely cause at the deadline
 */
async function waitUntilOnline(runCommand, instanceIds, deadline) {
    let agents = new Map();
    const waited = (0,clock/* secondsUntil */.Ch)(deadline);
    const online = await (0,clock/* poll */.wt)({ ...readiness_pace, deadline }, async () => {
        agents = await runCommand.agents(instanceIds);
        return instanceIds.every((id) => agents.get(id) === 'Online') ? true : undefined;
    });
    if (online)
        return;
    const offline = instanceIds.filter((id) => agents.get(id) !== 'Online');
    throw new problem/* Problem */.A(offline.map((id) => agentProblem(id, agents.get(id), waited)).join('\n'));
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

;// CONCATENATED MODULE: ./build/rollout/verdict.js
/** @param run how the rollout's command ended on the host */
function judge({ instanceId, status, report }) {
    const cause = report.failure?.text ?? '';
    switch (report.outcome) {
        case 'deployed':
            return { verdict: 'deployed' };
        case 'reverted':
            // A migration that failed may have left its marks in the database: nothing was taken back, nothing was switched.
            return report.failure?.code === 'migration-failed'
                ? { verdict: 'failed', reason: `${cause} ${report.serving} serves as before.` }
                : { verdict: 'rolled-back', reason: cause };
        case 'empty':
            return { verdict: 'failed', reason: `${cause} There is no release before it, so nothing serves yet.` };
        case 'broken':
            return {
                verdict: 'failed',
                reason: `${cause} The way back failed too: ${report.brokenText}`.trim(),
            };
        default:
            return unended(instanceId, status, cause);
    }
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
    Unknown: 'the service did not say how the command ended: the agent was lost.',
};

;// CONCATENATED MODULE: ./build/deploy.js
















/** Builds, waits, rolls out and proves; never throws: what went wrong is the result's verdict and reason. */
async function deploy(run) {
    const facts = nothingYet(run);
    try {
        await carryOut(run, facts);
    }
    catch (error) {
        facts.outputs.verdict = 'failed';
        facts.reason = error instanceof Error ? error.message : String(error);
    }
    return conclude(run, facts);
}
async function carryOut(run, facts) {
    const { inputs } = run;
    const destination = await discover(inputs, () => (0,doors/* openStacks */.uI)(inputs.region));
    facts.outputs.instanceIds = destination.instanceIds;
    const hosts = await findHosts(run, destination);
    facts.outputs.url = urlOf(hosts, inputs.container.hostPort);
    const runCommand = await (0,doors/* openRunCommand */.Lq)(inputs.region);
    const [image, inspection] = await Promise.all([
        prepareImage(run, facts, destination, hosts),
        waitForHosts(run, facts, runCommand, destination.instanceIds),
    ]);
    facts.outputs.image = image.image;
    facts.outputs.imageDigest = image.digest;
    const records = await (0,doors/* openRecords */.tW)(inputs.region, inputs.appName);
    await withLease(run, facts, records, () => rollOut(run, facts, { runCommand, records, image, inspection, instanceIds: destination.instanceIds }));
}
// --- what has to be there --------------------------------------------------------------------------------------------
async function findHosts(run, { instanceIds }) {
    const { Instances } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(432)]).then(__webpack_require__.bind(__webpack_require__, 8432));
    run.log(`Waiting for ${instanceIds.join(', ')}`);
    const deadline = (0,clock/* deadlineIn */._5)(run.inputs.waitForInstance);
    return waitUntilRunning(new Instances(run.inputs.region), instanceIds, deadline);
}
async function prepareImage(run, facts, destination, hosts) {
    const { Registry } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(249), __webpack_require__.e(480)]).then(__webpack_require__.bind(__webpack_require__, 480));
    const platform = `linux/${hosts[0]?.architecture ?? 'amd64'}`;
    const registry = new Registry(run.inputs.region);
    const image = await provideImage(run, registry, destination.repository, platform, (dockerConfig) => remember(run, facts, { dockerConfig }));
    run.log(`The image is ${image.image}`);
    return image;
}
async function waitForHosts(run, facts, runCommand, instanceIds) {
    const started = Date.now();
    const deadline = (0,clock/* deadlineIn */._5)(run.inputs.waitForInstance);
    await waitUntilOnline(runCommand, instanceIds, deadline);
    const report = await inspect(run, facts, runCommand, instanceIds, (0,clock/* secondsUntil */.Ch)(deadline));
    run.log(`The host is ready: docker ${report.engine}, ${report.architecture} (after ${(0,clock/* secondsSince */.wv)(started)} s)`);
    if (report.boot === 'error') {
        note(run, facts, 'The user data of the host ended with an error; see /var/log/cloud-init-output.log there.');
    }
    return report;
}
/** Asks the host whether its boot has ended, its engine answers, its secrets can be read, and what is live. */
async function inspect(run, facts, runCommand, instanceIds, seconds) {
    const allowed = Math.max(seconds, 30);
    const [hostRun] = await (0,fleet/* runPlan */.F)(runCommand, instanceIds, (0,plan/* inspectPlan */.In)(run.inputs, secondsFromNow(allowed)), {
        document: run.inputs.ssmDocument,
        comment: `ec2-deploy: inspect ${run.inputs.appName}`,
        executionTimeout: allowed,
        sent: (id) => facts.commandIds.push(id),
    });
    if (hostRun !== undefined)
        await requireSameProgram(run, hostRun.report);
    if (hostRun?.status === 'Success')
        return hostRun.report;
    const judgement = hostRun && judge(hostRun);
    throw new problem/* Problem */.A(`The host ${instanceIds.join(', ')} is not ready: ${hostRun?.report.failure?.text ?? (judgement && 'reason' in judgement ? judgement.reason : '')}`);
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
// --- the rollout -----------------------------------------------------------------------------------------------------
/** Takes the lease, and gives it back whatever happens. */
async function withLease(run, facts, records, story) {
    remember(run, facts, { leaseAsked: true });
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
        remember(run, facts, { leaseAsked: false });
    }
}
async function rollOut(run, facts, scene) {
    const ledger = await scene.records.ledger();
    const { live } = await upToDate(run, facts, scene, ledger.live);
    facts.outputs.previousRelease = live?.release ?? '';
    if (live !== undefined && isUnchanged(run, scene, live)) {
        facts.outputs.verdict = 'unchanged';
        facts.outputs.release = live.release;
        return;
    }
    const release = newRelease(run, scene.image, (0,release_ledger/* nextReleaseId */.gp)(ledger, [live?.release ?? ''], scene.image.digest));
    facts.outputs.release = release.id;
    const entry = newEntry(run, release);
    // Before the first word of it is written: the post step of a run that is cut off concludes what it finds begun.
    remember(run, facts, { rollout: rolloutMemory(run, scene, release) });
    const begun = await scene.records.begin(ledger, entry);
    await runRollout(run, facts, scene, release);
    const { verdict } = facts.outputs;
    const serving = verdict === 'deployed' ? release.id : facts.outputs.previousRelease;
    const status = verdict === 'deployed' ? 'live' : verdict === 'rolled-back' ? 'rolled-back' : 'failed';
    await scene.records.conclude(begun, { ...entry, status }, serving, run.inputs.keepReleases);
}
/** While this run waited for the lease, another may have changed what is live. */
async function upToDate(run, facts, scene, liveInLedger) {
    if ((scene.inspection.live?.release ?? '') === liveInLedger)
        return scene.inspection;
    return inspect(run, facts, scene.runCommand, scene.instanceIds, (0,clock/* secondsUntil */.Ch)(run.deadline));
}
function isUnchanged(run, { image }, live) {
    const { container, strategy } = run.inputs;
    return (live.digest === image.digest &&
        live.settings === (0,release/* settingsDigest */.KI)(container, strategy) &&
        live.environment === 'same' &&
        live.serving);
}
function newRelease(run, { digest, image }, id) {
    return { id, digest, image, settings: run.inputs.container, strategy: run.inputs.strategy };
}
function newEntry(run, release) {
    return {
        ...release,
        status: 'rolling-out',
        startedAt: new Date().toISOString(),
        commit: run.commit,
        runUrl: run.runUrl,
    };
}
/** Time that a host may need beyond the deadline to go back: the old release gets healthy, the new one stops. */
function wayBackSeconds({ healthTimeout, drainTimeout }) {
    return healthTimeout + drainTimeout + 30;
}
function rolloutMemory({ inputs }, { instanceIds }, release) {
    return {
        instanceIds,
        commandId: '',
        release: release.id,
        image: release.image,
        hostPort: inputs.container.hostPort,
        healthTimeout: inputs.healthTimeout,
        keepReleases: inputs.keepReleases,
    };
}
async function runRollout(run, facts, scene, release) {
    const { inputs } = run;
    const seconds = (0,clock/* secondsUntil */.Ch)(run.deadline);
    if (seconds === 0)
        throw new problem/* Problem */.A('The timeout passed before the rollout began. Raise the input timeout.');
    run.log(`Rolling out ${release.id} by ${inputs.strategy}`);
    const rollout = {
        release,
        run: run.holder,
        registry: scene.image.registry,
        imageBytes: scene.image.bytes,
        deadline: secondsFromNow(seconds),
    };
    facts.hostRuns = await (0,fleet/* runPlan */.F)(scene.runCommand, scene.instanceIds, (0,plan/* rolloutPlan */.ho)(inputs, rollout), {
        document: inputs.ssmDocument,
        comment: `ec2-deploy: roll out ${inputs.appName} ${release.id}`,
        executionTimeout: seconds + wayBackSeconds(inputs),
        sent: (commandId) => {
            facts.commandIds.push(commandId);
            remember(run, facts, { rollout: { ...rolloutMemory(run, scene, release), commandId } });
            run.log(`Command ${commandId}: ${consoleUrl(inputs.region, commandId)}`);
        },
    });
    await takeVerdict(run, facts, scene.runCommand);
    if (facts.outputs.verdict === 'deployed')
        await writeLivePlan(run, facts, scene.records, (0,plan/* livePlan */.iq)(inputs, rollout));
    remember(run, facts, { rollout: undefined });
}
async function writeLivePlan(run, facts, records, plan) {
    if (await records.writeLivePlan(plan))
        return;
    note(run, facts, 'The settings of this release are too large for Parameter Store: a host that is replaced comes up on the release before.');
}
async function takeVerdict(run, facts, runCommand) {
    const [hostRun] = facts.hostRuns;
    if (hostRun === undefined)
        throw new problem/* Problem */.A('The rollout ran on no host.');
    const { failure } = hostRun.report;
    if (failure !== undefined)
        facts.dossier = writeDossier(failure, run.inputs);
    const judgement = judge(hostRun);
    if (judgement.verdict === 'undetermined') {
        await settleDoubt(run, facts, runCommand, judgement.reason);
        return;
    }
    facts.outputs.verdict = judgement.verdict;
    if ('reason' in judgement)
        facts.reason = judgement.reason;
    const { metricsProblem } = hostRun.report;
    if (metricsProblem !== '')
        note(run, facts, `The release serves, but its metrics do not: ${metricsProblem}`);
    if (hostRun.report.drainExpired) {
        note(run, facts, `Requests to the old release were still running after drain-timeout (${run.inputs.drainTimeout} s) and were cut.`);
    }
}
/** The command ended without a word from the host: ask it again, and bring it back. */
async function settleDoubt(run, facts, runCommand, reason) {
    run.log(`${reason} Bringing the host back`);
    const { rollout } = facts.memory;
    if (rollout === undefined)
        throw new problem/* Problem */.A(reason);
    const back = await (0,bring_back.bringBack)(runCommand, { ...facts.memory, rollout }, (id) => facts.commandIds.push(id)).catch((error) => {
        throw new problem/* Problem */.A(`${reason} What serves there is unknown until the host is reached again; it ends the rollout or goes back by itself. ${error.message}`, { cause: error });
    });
    facts.outputs.verdict =
        back.serving === rollout.release ? 'deployed' : back.serving === '' ? 'failed' : 'rolled-back';
    facts.reason = facts.outputs.verdict === 'deployed' ? '' : `${reason} ${back.text}`;
}
// --- the result ------------------------------------------------------------------------------------------------------
function conclude(run, facts) {
    const report = reportOf(run, facts);
    const { commandIds, reason, dossier, notes } = facts;
    const outputs = { ...facts.outputs, commandIds, durationSeconds: report.durationSeconds, report };
    return { outputs, report, reason, dossier, notes };
}
function reportOf(run, { outputs, hostRuns, reason }) {
    const gap = hostRuns[0]?.report.gapMilliseconds;
    return {
        app: run.inputs.appName,
        verdict: outputs.verdict,
        release: outputs.release,
        previousRelease: outputs.previousRelease,
        digest: outputs.imageDigest,
        hosts: hostRuns.map(({ instanceId, report }) => ({ instanceId, steps: report.steps })),
        durationSeconds: (0,clock/* secondsSince */.wv)(run.startedAt),
        ...(gap === undefined ? {} : { gapMilliseconds: gap }),
        ...(reason === '' ? {} : { reason }),
    };
}
function nothingYet(run) {
    const { inputs } = run;
    return {
        outputs: { ...outputs/* nothingKnown */.Hx },
        reason: '',
        dossier: undefined,
        notes: [],
        commandIds: [],
        hostRuns: [],
        memory: {
            region: inputs.region,
            appName: inputs.appName,
            ssmDocument: inputs.ssmDocument,
            holder: run.holder,
            dockerConfig: '',
            leaseAsked: false,
            rollout: undefined,
        },
    };
}
function remember(run, facts, change) {
    facts.memory = { ...facts.memory, ...change };
    run.remember(facts.memory);
}
function note(run, facts, text) {
    facts.notes.push(text);
    run.warn(text);
}
function urlOf([host], hostPort) {
    if (host === undefined || host.publicAddress === '')
        return '';
    return `http://${host.publicAddress}${hostPort === 80 ? '' : `:${hostPort}`}`;
}
function consoleUrl(region, commandId) {
    return `https://${region}.console.aws.amazon.com/systems-manager/run-command/${commandId}?region=${region}`;
}
/** Seconds since the epoch, as the host counts. */
function secondsFromNow(seconds) {
    return Math.floor(Date.now() / 1000) + seconds;
}


/***/ }),

/***/ 9944:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   nS: () => (/* binding */ removeDockerConfig),
/* harmony export */   x0: () => (/* binding */ makeDockerConfig)
/* harmony export */ });
/* unused harmony export withFileStore */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);



/**
 * Makes a configuration folder for docker that has everything of the user's own, plugins and builders too, and room for one login more.
 * A login in the user's own folder would be everybody's on that machine, and the first job that ends would take it from the others.
 * @param registry whose login goes into the folder's file, whatever credential helper the user has
 * @returns the folder, for DOCKER_CONFIG
 */
async function makeDockerConfig(registry) {
    const own = process.env['DOCKER_CONFIG'] || (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)((0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), '.docker');
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(process.env['RUNNER_TEMP'] || (0,node_os__WEBPACK_IMPORTED_MODULE_1__.tmpdir)(), 'ec2-deploy-docker-'));
    const entries = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readdir)(own).catch(() => []);
    await Promise.all(entries.filter((name) => name !== configFile).map((name) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.symlink)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(own, name), (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, name))));
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(own, configFile), 'utf8').catch(() => '{}');
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, configFile), withFileStore(text, registry), { mode: 0o600 });
    return folder;
}
const configFile = 'config.json';
/**
 * The configuration with logins to the registry kept in its own file: an empty helper's name means that.
 * Source: docker/cli, ConfigFile.GetCredentialsStore and getConfiguredCredentialStore.
 * @param text of the user's config.json
 */
function withFileStore(text, registry) {
    const config = JSON.parse(text);
    return JSON.stringify({ ...config, credHelpers: { ...config.credHelpers, [registry]: '' } });
}
/** Removes the folder, and the login with it. */
async function removeDockerConfig(folder) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(folder, { recursive: true, force: true });
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
    const { RunCommand: Door } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736), __webpack_require__.e(963)]).then(__webpack_require__.bind(__webpack_require__, 1963));
    return new Door(region);
}
async function openStacks(region) {
    const { Stacks: Door } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(805), __webpack_require__.e(646)]).then(__webpack_require__.bind(__webpack_require__, 5646));
    return new Door(region);
}
async function openRecords(region, app) {
    const { Parameters } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736), __webpack_require__.e(296)]).then(__webpack_require__.bind(__webpack_require__, 4296));
    const { Records: Ledger } = await __webpack_require__.e(/* import() */ 660).then(__webpack_require__.bind(__webpack_require__, 5660));
    return new Ledger(new Parameters(region), app);
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
/** The ledger once a rollout of the release has begun. */
function begin(ledger, id) {
    return { ...ledger, lastSequence: (0,_release_js__WEBPACK_IMPORTED_MODULE_1__/* .sequenceOf */ .nD)(id), unproven: [id, ...ledger.unproven] };
}
/**
 * The ledger once a rollout has ended. A refused release takes the place of none that can be gone back to.
 * @param live the release that serves now; empty if none does
 * @param keep how many releases to keep, the live one always among them, and how many of those that never served
 */
function conclude(ledger, live, keep) {
    const served = ledger.unproven.includes(live) ? [live, ...ledger.releases] : ledger.releases;
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
