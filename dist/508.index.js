export const id = 508;
export const ids = [508];
export const modules = {

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


/***/ })

};
