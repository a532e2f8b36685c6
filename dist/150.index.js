export const id = 150;
export const ids = [150];
export const modules = {

/***/ 150:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   rollBack: () => (/* binding */ rollBack)
/* harmony export */ });
/* harmony import */ var _doors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(489);
/* harmony import */ var _facts_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7059);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(411);
/* harmony import */ var _reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9759);
/* harmony import */ var _release_ledger_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5525);
/* harmony import */ var _roll_out_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6653);






/** Rolls a release out that served before, with the settings it had; never throws: what went wrong is in the result. */
function rollBack(run) {
    return (0,_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .tell */ .qz)(run, (facts) => carryOut(run, facts));
}
async function carryOut(run, facts) {
    const { region, appName } = run.inputs;
    const found = await (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .findHosts */ .d6)(run, facts);
    const records = await (0,_doors_js__WEBPACK_IMPORTED_MODULE_4__/* .openRecords */ .tW)(region, appName);
    await (0,_roll_out_js__WEBPACK_IMPORTED_MODULE_3__/* .withLease */ .pS)(run, facts, records, async () => {
        const ledger = await records.ledger();
        const entry = await records.entry(wantedRelease(run, ledger));
        (0,_facts_js__WEBPACK_IMPORTED_MODULE_0__/* .tellOf */ .zy)(facts, entry, (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .urlOf */ .rs)(found, entry.settings.hostPort));
        const runCommand = await (0,_doors_js__WEBPACK_IMPORTED_MODULE_4__/* .openRunCommand */ .Lq)(region);
        const hosts = await (0,_reach_hosts_js__WEBPACK_IMPORTED_MODULE_1__/* .waitForHosts */ .GV)(run, facts, runCommand, found.source, entry.settings);
        await goBack(run, facts, { runCommand, records, source: found.source, hosts, ledger }, entry);
    });
}
/** @throws Problem if the ledger has no such release, or none before the live one */
function wantedRelease({ inputs }, ledger) {
    const { appName, release } = inputs;
    const others = ledger.releases.filter((id) => id !== ledger.live);
    const kept = others.length === 0 ? 'It keeps no other release.' : `It keeps ${others.join(', ')}.`;
    if (release !== '') {
        if (ledger.releases.includes(release))
            return release;
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_5__/* .Problem */ .A(`The ledger of ${appName} has no release ${release} that served. ${kept}`);
    }
    const before = (0,_release_ledger_js__WEBPACK_IMPORTED_MODULE_2__/* .releaseBefore */ .PZ)(ledger);
    if (before !== undefined)
        return before;
    const live = ledger.live === '' ? 'no live release' : `no release before ${ledger.live}`;
    throw new _problem_js__WEBPACK_IMPORTED_MODULE_5__/* .Problem */ .A(`The ledger of ${appName} has ${live} to go back to. ${kept}`);
}
async function goBack(run, facts, scene, entry) {
    const live = (0,_roll_out_js__WEBPACK_IMPORTED_MODULE_3__/* .liveOn */ .Q2)(scene.hosts, scene.ledger.live);
    facts.outputs.previousRelease = live?.release ?? '';
    if (live?.release === entry.id && (0,_roll_out_js__WEBPACK_IMPORTED_MODULE_3__/* .servesAlready */ .pb)(scene.hosts, entry)) {
        facts.outputs.verdict = 'unchanged';
        facts.outputs.release = entry.id;
        return;
    }
    const startedAt = new Date().toISOString();
    await (0,_roll_out_js__WEBPACK_IMPORTED_MODULE_3__/* .rollOut */ .Of)(run, facts, scene, { ...entry, status: 'rolling-out', startedAt, runUrl: run.runUrl }, []);
}


/***/ })

};
