export const id = 583;
export const ids = [583];
export const modules = {

/***/ 2583:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  deploy: () => (/* binding */ deploy)
});

// EXTERNAL MODULE: ./build/doors.js
var doors = __webpack_require__(489);
// EXTERNAL MODULE: ./build/facts.js
var build_facts = __webpack_require__(7059);
// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(411);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/node_modules/@actions/core/index.js + 1 modules
var core = __webpack_require__(229);
// EXTERNAL MODULE: ./node_modules/@actions/exec/lib/exec.js + 3 modules
var exec = __webpack_require__(1260);
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
    const tags = [await ownTag(registry, repository, run), 'latest'];
    const names = tags.map((tag) => `${name}:${tag}`);
    const digest = await buildAndPush(build, build.platform, names, dockerConfig);
    const { bytes } = await registry.image(repository, digest);
    return { digest, image: `${name}@${digest}`, bytes, registry: login.registry };
}
/**
 * The tag of this build, by which its digest is told; `latest` is for people, and another build on the same engine may move it meanwhile. A
 * commit that was built before keeps its first image: a repository with immutable tags would refuse a second one, and a build is
 * seldom the same twice.
 */
async function ownTag(registry, repository, { commit, holder }) {
    const isFree = commit !== '' && (await registry.find(repository, commit)) === undefined;
    return isFree ? commit : `${commit || 'build'}-${holder.slice(0, 8)}`;
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

// EXTERNAL MODULE: ./build/reach-hosts.js + 1 modules
var reach_hosts = __webpack_require__(9759);
// EXTERNAL MODULE: ./build/release/ledger.js
var release_ledger = __webpack_require__(5525);
// EXTERNAL MODULE: ./build/roll-out.js + 2 modules
var roll_out = __webpack_require__(6653);
;// CONCATENATED MODULE: ./build/deploy.js







/** Builds, waits, rolls out and proves; never throws: what went wrong is the result's verdict and reason. */
function deploy(run) {
    return (0,build_facts/* tell */.qz)(run, (facts) => carryOut(run, facts));
}
async function carryOut(run, facts) {
    const { inputs } = run;
    const { repository, container, region } = inputs;
    facts.strategy = inputs.strategy;
    const builds = inputs.image.kind === 'build';
    const found = await (0,reach_hosts/* findHosts */.d6)(run, facts, { repository, builds });
    facts.outputs.url = (0,reach_hosts/* urlOf */.rs)(found, container.hostPort);
    const runCommand = await (0,doors/* openRunCommand */.Lq)(region);
    const [image, hosts] = await Promise.all([
        prepareImage(run, facts, found),
        (0,reach_hosts/* waitForHosts */.GV)(run, facts, runCommand, found.source, container),
    ]);
    facts.outputs.image = image.image;
    facts.outputs.imageDigest = image.digest;
    const records = await (0,doors/* openRecords */.tW)(region, inputs.appName);
    await (0,roll_out/* withLease */.pS)(run, facts, records, async () => {
        const ledger = await records.ledger();
        await deployImage(run, facts, { runCommand, records, source: found.source, hosts, ledger }, image);
    });
}
async function prepareImage(run, facts, { destination: { repository }, instances }) {
    const { Registry } = await Promise.all(/* import() */[__webpack_require__.e(421), __webpack_require__.e(480)]).then(__webpack_require__.bind(__webpack_require__, 480));
    const registry = new Registry(run.inputs.region);
    const image = await provideImage(run, registry, repository, platformOf(run, instances), (dockerConfig) => (0,build_facts/* remember */.kY)(run, facts, { dockerConfig }));
    run.log(`The image is ${image.image}`);
    return image;
}
/** @throws Problem if an image has to be built for hosts of different architectures */
function platformOf({ inputs }, instances) {
    const architectures = [...new Set(instances.map(({ architecture }) => architecture))];
    if (architectures.length > 1 && inputs.image.kind === 'build')
        throw new problem/* Problem */.A(`The hosts are of different architectures (${architectures.join(', ')}), and a build is for one. ` +
            'Build an image for all of them in a step before, and name it in the input image.');
    return `linux/${architectures[0] ?? 'amd64'}`;
}
async function deployImage(run, facts, given, image) {
    const { ledger } = given;
    const scene = { ...given, hosts: await upToDate(run, facts, given) };
    const live = (0,roll_out/* liveOn */.Q2)(scene.hosts, ledger.live);
    facts.outputs.previousRelease = live?.release ?? '';
    const { container: settings, strategy } = run.inputs;
    if (live !== undefined && (0,roll_out/* servesAlready */.pb)(scene.hosts, { digest: image.digest, settings, strategy })) {
        facts.outputs.verdict = 'unchanged';
        facts.outputs.release = live.release;
        return;
    }
    await (0,roll_out/* rollOut */.Of)(run, facts, scene, newEntry(run, image, ledger, scene.hosts), run.inputs.migrateCommand);
}
/** While this run built and waited for the lease, another may have changed what is live, and hosts may have come or gone. */
async function upToDate(run, facts, { runCommand, source, hosts, ledger }) {
    const isSame = hosts.every(({ report }) => (report.live?.release ?? '') === ledger.live);
    if (isSame && (await areAll(hosts, source)))
        return hosts;
    return (0,reach_hosts/* waitForHosts */.GV)(run, facts, runCommand, source, run.inputs.container);
}
async function areAll(hosts, source) {
    if (!source.changes)
        return true;
    const known = new Set(hosts.map(({ instanceId }) => instanceId));
    const present = await source.look();
    return present.length === known.size && present.every(({ instanceId }) => known.has(instanceId));
}
function newEntry(run, { digest, image, registry, bytes }, ledger, hosts) {
    const known = hosts.flatMap(({ report }) => report.live?.release ?? []);
    return {
        id: (0,release_ledger/* nextReleaseId */.gp)(ledger, known, digest),
        digest,
        image,
        registry,
        imageBytes: bytes,
        settings: run.inputs.container,
        strategy: run.inputs.strategy,
        healthPath: run.inputs.healthPath,
        status: 'rolling-out',
        startedAt: new Date().toISOString(),
        commit: run.commit,
        runUrl: run.runUrl,
    };
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


/***/ })

};
