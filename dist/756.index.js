export const id = 756;
export const ids = [756];
export const modules = {

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

/***/ 6756:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cleanUp: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4701);
/* harmony import */ var _docker_login_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9944);
/* harmony import */ var _doors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(489);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(411);
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
        () => (memory.dockerConfig === '' ? Promise.resolve() : (0,_docker_login_js__WEBPACK_IMPORTED_MODULE_1__/* .removeDockerConfig */ .nS)(memory.dockerConfig)),
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
    const { release, instanceIds, keepReleases } = memory.rollout;
    log(`The rollout of ${release} was cut off: bringing back ${instanceIds.join(', ')}`);
    const { bringBack } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(522), __webpack_require__.e(782), __webpack_require__.e(508)]).then(__webpack_require__.bind(__webpack_require__, 8508));
    const { judgeWaysBack } = await __webpack_require__.e(/* import() */ 839).then(__webpack_require__.bind(__webpack_require__, 7839));
    const ways = await bringBack(await (0,_doors_js__WEBPACK_IMPORTED_MODULE_3__/* .openRunCommand */ .Lq)(memory.region), { ...memory, rollout: memory.rollout }, (id) => log(`Command ${id}`));
    const { serving, reason } = judgeWaysBack(ways, release, '');
    const records = await (0,_doors_js__WEBPACK_IMPORTED_MODULE_3__/* .openRecords */ .tW)(memory.region, memory.appName);
    await records.concludeCutOff(release, serving, keepReleases);
    const told = serving === '' ? reason : `${serving} serves. ${reason}`;
    log(`${told.trim()} (after ${(0,_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .secondsSince */ .wv)(started)} s)`);
    if (ways.some(({ state }) => state === 'unknown'))
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_4__/* .Problem */ .A(reason);
}
async function giveLeaseBack(memory) {
    if (!memory.leaseAsked)
        return;
    const records = await (0,_doors_js__WEBPACK_IMPORTED_MODULE_3__/* .openRecords */ .tW)(memory.region, memory.appName);
    await (0,_release_lease_js__WEBPACK_IMPORTED_MODULE_2__/* .releaseLease */ .wL)(records.lease, memory.holder);
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
