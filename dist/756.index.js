export const id = 756;
export const ids = [756];
export const modules = {

/***/ 2574:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  sf: () => (/* binding */ buildAndPush),
  E8: () => (/* binding */ logIn),
  je: () => (/* binding */ logOut)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/exec/lib/exec.js + 5 modules
var exec = __webpack_require__(2876);
// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(411);
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







/** Logs docker in to a registry. The password goes in by standard input, where no process list shows it. */
async function logIn({ registry, user, password }) {
    const { exitCode, stderr } = await docker(['login', '--username', user, '--password-stdin', registry], {
        input: password,
        silent: true,
    });
    if (exitCode !== 0)
        throw new problem/* Problem */.A(`docker cannot log in to ${registry}: ${lastLines(stderr)}`);
}
/** Takes the login away again; that there is none is no error. */
async function logOut(registry) {
    await docker(['logout', registry], { silent: true });
}
/**
 * Builds the image, pushes it under all its names and tells its digest in the registry.
 * @throws Problem if the Dockerfile is missing or docker fails
 */
async function buildAndPush(build, platform, names) {
    requireDockerfile(build);
    const builder = await currentBuilder();
    const metadataFile = (0,external_node_path_.join)(process.env['RUNNER_TEMP'] ?? (0,external_node_os_.tmpdir)(), `ec2-deploy-build-${process.pid}.json`);
    await runBuild(buildArguments(build, builder, platform, names, metadataFile));
    const digest = builder === 'pushing' ? await readBuiltDigest(metadataFile) : await pushAll(names);
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
async function currentBuilder() {
    const { exitCode, stdout } = await docker(['buildx', 'inspect'], { silent: true });
    return builderOf(exitCode === 0 ? stdout : undefined);
}
async function runBuild(args) {
    const { exitCode, stderr, stdout } = await docker(args);
    if (exitCode === 0)
        return;
    throw new problem/* Problem */.A(`docker build failed with exit code ${exitCode}: ${lastLines(stderr) || lastLines(stdout)}`);
}
async function readBuiltDigest(metadataFile) {
    const metadata = await (0,promises_.readFile)(metadataFile, 'utf8');
    await (0,promises_.rm)(metadataFile, { force: true });
    return builtDigest(metadata);
}
async function pushAll(names) {
    const digests = [];
    for (const name of names)
        digests.push(await push(name));
    return digests[0];
}
async function push(name) {
    const { exitCode, stdout, stderr } = await docker(['push', name]);
    if (exitCode === 0)
        return pushedDigest(stdout);
    throw new problem/* Problem */.A(`docker cannot push ${name}. The role needs the ECR push actions (README, "The exact IAM policy"), and the repository must let the tag be moved: ${lastLines(stderr)}`);
}
async function docker(args, { input, silent = false } = {}) {
    try {
        return await (0,exec/* getExecOutput */.H)('docker', args, {
            ignoreReturnCode: true,
            silent,
            ...(input === undefined ? {} : { input: Buffer.from(input) }),
        });
    }
    catch (error) {
        throw new problem/* Problem */.A('The runner has no docker command that works. Use a runner with docker (ubuntu-latest has it), or give the input image.', { cause: error });
    }
}
/** The end of what a command said is where the cause is. */
function lastLines(text) {
    return text.trim().split('\n').slice(-5).join('\n');
}


/***/ }),

/***/ 2147:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   jt: () => (/* binding */ commandText),
/* harmony export */   mU: () => (/* binding */ assignment),
/* harmony export */   pM: () => (/* binding */ readHostReport)
/* harmony export */ });
/* unused harmony export encodePlan */
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(411);

/**
 * What AWS counts against a document's 64 KB includes the parameters of a run; the rest is room for its own JSON.
 * Source: CreateDocument, Content, in the Systems Manager API reference.
 */
const largestCommand = 60_000;
/** Base64 of NUL-terminated keys and values in turn: no value can end its field or be taken for code. */
function encodePlan(plan) {
    const fields = Object.entries(plan).flatMap(([key, value]) => [value].flat().map((text) => `${key}\0${text}\0`));
    return Buffer.from(fields.join('')).toString('base64');
}
/**
 * The script that Run Command is given.
 * @param program the host program's text
 * @throws Problem if both together are larger than Run Command takes
 */
function commandText(program, plan) {
    const [shebang = '', ...rest] = program.split('\n');
    const command = [shebang, `EC2_DEPLOY_PLAN='${encodePlan(plan)}'`, ...rest].join('\n');
    if (Buffer.byteLength(command) <= largestCommand)
        return command;
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_0__/* .Problem */ .A(`The plan for the host is ${Buffer.byteLength(command)} bytes and Run Command takes ${largestCommand}. ` +
        'Most of it is the values of the input env: move large ones to Parameter Store or Secrets Manager and name them in secrets.');
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

/***/ 6756:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cleanUp: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _docker_docker_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2574);
/* harmony import */ var _release_lease_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(188);



/**
 * Cleans up after a run: undoes a rollout that was cut off, gives the lease back, logs docker out.
 * Each of them is tried, whatever becomes of the others.
 * @returns what could not be done, in words
 */
async function cleanUp(memory, log) {
    const tasks = [
        () => undo(memory, log),
        () => giveLeaseBack(memory),
        () => (memory.registry === '' ? Promise.resolve() : (0,_docker_docker_js__WEBPACK_IMPORTED_MODULE_1__/* .logOut */ .je)(memory.registry)),
    ];
    const failures = [];
    for (const task of tasks) {
        await task().catch((error) => failures.push(String(error)));
    }
    return failures;
}
async function undo(memory, log) {
    if (memory.rollout === undefined)
        return;
    const started = Date.now();
    log(`The rollout of ${memory.rollout.release} was cut off: bringing the host back`);
    const { RunCommand } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736), __webpack_require__.e(963)]).then(__webpack_require__.bind(__webpack_require__, 1963));
    const { bringBack } = await __webpack_require__.e(/* import() */ 508).then(__webpack_require__.bind(__webpack_require__, 8508));
    const back = await bringBack(new RunCommand(memory.region), { ...memory, rollout: memory.rollout }, (id) => log(`Command ${id}`));
    log(`${back.text} (after ${(0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .secondsSince */ .wv)(started)} s)`);
    await writeDown(memory, memory.rollout, back.serving);
}
async function writeDown(memory, rollout, serving) {
    const records = await recordsOf(memory);
    await records.concludeCutOff(rollout.release, serving, rollout.keepReleases);
}
async function giveLeaseBack(memory) {
    if (!memory.leaseAsked)
        return;
    const records = await recordsOf(memory);
    await (0,_release_lease_js__WEBPACK_IMPORTED_MODULE_2__/* .releaseLease */ .wL)(records.lease, memory.holder);
}
async function recordsOf(memory) {
    const { Parameters } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736), __webpack_require__.e(296)]).then(__webpack_require__.bind(__webpack_require__, 4296));
    const { Records } = await __webpack_require__.e(/* import() */ 660).then(__webpack_require__.bind(__webpack_require__, 5660));
    return new Records(new Parameters(memory.region), memory.appName);
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


/***/ })

};
