export const id = 839;
export const ids = [839];
export const modules = {

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
