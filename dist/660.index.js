export const id = 660;
export const ids = [660];
export const modules = {

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

/***/ 5660:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Records: () => (/* binding */ Records)
/* harmony export */ });
/* harmony import */ var _host_protocol_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2147);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(411);
/* harmony import */ var _release_ledger_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5525);
/* harmony import */ var _release_release_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3007);




/** An app's ledger and lease, where they are kept. */
class Records {
    #parameters;
    #app;
    constructor(parameters, app) {
        this.#parameters = parameters;
        this.#app = app;
    }
    async ledger() {
        const stored = await this.#parameters.read(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.ledger(this.#app));
        return stored === undefined ? _release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .emptyLedger */ .Hg : (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .parseLedger */ .h8)(stored.value);
    }
    /** @throws Problem if the ledger has no release of that id */
    async entry(id) {
        const stored = await this.#parameters.read(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.release(this.#app, id));
        if (stored !== undefined)
            return (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .parseLedgerEntry */ .db)(stored.value);
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .A(`The record of the release ${id} of ${this.#app} is not in Parameter Store any more.`);
    }
    /** Writes down that a rollout has begun, so that its number is never given out again. */
    async begin(ledger, entry) {
        const begun = (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .begin */ .qN)(ledger, entry.id);
        await this.#writeEntry(entry);
        await this.#writeLedger(begun);
        return begun;
    }
    /**
     * Writes down how a rollout ended.
     * @param serving the release that serves now; empty if none does, or nobody knows
     * @param keep how many releases stay in the ledger
     */
    async conclude(ledger, entry, live, keep) {
        const conclusion = (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .conclude */ .Ep)(ledger, live, keep);
        await this.#writeEntry(entry);
        await this.#writeLedger(conclusion.ledger);
        await this.#parameters.remove(conclusion.dropped.map((id) => _release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.release(this.#app, id)));
    }
    /**
     * Writes down how a rollout ended whose own run could not.
     * @param live the release that serves now; empty if none does
     */
    async concludeCutOff(id, live, keep) {
        const stored = await this.#parameters.read(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.release(this.#app, id));
        if (stored === undefined)
            return;
        const status = live === id ? 'live' : live === '' ? 'failed' : 'rolled-back';
        const ledger = await this.ledger();
        // The run may have ended between the writing of the entry and that of the ledger.
        const begun = ledger.lastSequence < (0,_release_release_js__WEBPACK_IMPORTED_MODULE_2__/* .sequenceOf */ .nD)(id) ? (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .begin */ .qN)(ledger, id) : ledger;
        await this.conclude(begun, { ...(0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .parseLedgerEntry */ .db)(stored.value), status }, live, keep);
    }
    /**
     * Writes down what a host does by itself to serve the live release.
     * @returns false if it is larger than Parameter Store takes: hosts then keep to the one before
     */
    async writeLivePlan(plan) {
        const text = (0,_host_protocol_js__WEBPACK_IMPORTED_MODULE_0__/* .formatStoredPlan */ .Gb)(plan);
        if (text.length > _release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .largestRecord */ .kA)
            return false;
        await this.#parameters.write(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.livePlan(this.#app), text);
        return true;
    }
    get lease() {
        const name = _release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.lease(this.#app);
        const parameters = this.#parameters;
        return {
            async read() {
                const stored = await parameters.read(name);
                return stored && { record: parseLease(stored.value), version: stored.version };
            },
            async readVersion(version) {
                const stored = await parameters.read(`${name}:${version}`);
                if (stored === undefined)
                    throw new _problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .A(`Version ${version} of the parameter ${name} is gone.`);
                return parseLease(stored.value);
            },
            create: (record) => parameters.create(name, JSON.stringify(record)),
            overwrite: (record) => parameters.write(name, JSON.stringify(record)),
        };
    }
    async #writeEntry(entry) {
        await this.#parameters.write(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.release(this.#app, entry.id), (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .formatRecord */ .bM)(entry));
    }
    async #writeLedger(ledger) {
        await this.#parameters.write(_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .recordNames */ .eq.ledger(this.#app), (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_1__/* .formatRecord */ .bM)(ledger));
    }
}
function parseLease(text) {
    return JSON.parse(text);
}


/***/ })

};
