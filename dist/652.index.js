export const id = 652;
export const ids = [652];
export const modules = {

/***/ 2652:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  failureText: () => (/* binding */ failureText),
  present: () => (/* binding */ present)
});

// EXTERNAL MODULE: ./build/node_modules/@actions/core/index.js + 1 modules
var core = __webpack_require__(229);
// EXTERNAL MODULE: ./build/outputs.js
var outputs = __webpack_require__(214);
;// CONCATENATED MODULE: ./build/report/summary.js
const marks = { deployed: '✅', unchanged: '🟰', 'rolled-back': '↩️', failed: '❌' };
/** The job summary, as GitHub's Markdown. Headings start at the third level, since a job has several summaries. */
function renderSummary(story) {
    const { report } = story;
    return [
        `### ${marks[report.verdict]} ${report.app}: ${headline(report)}`,
        ...(report.reason === undefined ? [] : [quote(report.reason)]),
        table(['', ''], overview(story)),
        ...renderDossier(story.dossier),
        ...story.notes.map(quote),
        ...renderSteps(report),
    ].join('\n\n');
}
/** The verdict in a sentence. */
function headline({ verdict, release, previousRelease, gapMilliseconds }) {
    const gap = gapMilliseconds === undefined ? '' : ` (nothing answered for ${gapMilliseconds} ms)`;
    switch (verdict) {
        case 'deployed':
            return `${release} serves${gap}`;
        case 'unchanged':
            return `unchanged, ${release} serves already`;
        case 'rolled-back':
            return `${release} was refused, ${previousRelease} serves${gap}`;
        case 'failed':
            return 'failed';
    }
}
function overview({ report, url }) {
    const rows = [
        ['Verdict', `**${report.verdict}**`],
        ['Release', code(report.release)],
        ['Release before', code(report.previousRelease)],
        ['Image', code(report.digest)],
        ['Strategy', report.strategy],
        ['Gap', report.gapMilliseconds === undefined ? '' : `${report.gapMilliseconds} ms`],
        ['Address', url],
        ['Took', `${report.durationSeconds} s`],
    ];
    return rows.filter(([, value]) => value !== '');
}
function renderDossier(dossier) {
    if (dossier === undefined)
        return [];
    return [
        '#### Why',
        escapeHtml(dossier.diagnosis),
        dossier.facts.map((line) => `- ${escapeHtml(line.replaceAll('\n', ' '))}`).join('\n'),
        ...(dossier.log === '' ? [] : [details('Last lines of the container', preformatted(dossier.log))]),
    ];
}
function renderSteps({ hosts }) {
    const rows = hosts.flatMap(({ instanceId, steps }) => steps.map(({ name, milliseconds }) => [code(instanceId), name, `${milliseconds} ms`]));
    return rows.length === 0 ? [] : [details('Steps on the host', table(['Host', 'Step', 'Time'], rows))];
}
function table(header, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
function details(title, body) {
    return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
/** As HTML, since no fence is safe from a log that holds one. */
function preformatted(text) {
    return `<pre>${escapeHtml(text.trimEnd())}</pre>`;
}
function quote(text) {
    return escapeHtml(text)
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
}
function code(text) {
    return text === '' ? '' : `\`${text}\``;
}
function escapeHtml(text) {
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

;// CONCATENATED MODULE: ./build/report/present.js



/** GitHub aborts the upload of a summary over 1 MiB; what is cut here is the end of a very long log. */
const longestSummary = 900_000;
/** Shows how a deploy ended: outputs, job summary and log. */
async function present(result) {
    (0,outputs/* writeOutputs */.Kn)(result.outputs, core/* setOutput */.uH);
    const { dossier, notes, report } = result;
    const story = { report, url: result.outputs.url, dossier, notes };
    await core/* summary */.z.addRaw(renderSummary(story).slice(0, longestSummary), true).write();
    for (const line of logLines(result))
        (0,core/* info */.pq)(line);
}
/** The text of the annotation of a deploy that failed: the verdict, the cause, and what shows it. */
function failureText({ reason, dossier, report }) {
    const cause = dossier?.diagnosis ?? reason;
    const told = cause.toLowerCase().includes(reason.toLowerCase());
    return [`${report.app}: ${headline(report)}. ${cause}`, ...(told ? [] : [reason])].join('\n');
}
function logLines({ dossier, outputs, report }) {
    return [
        ...(dossier === undefined ? [] : dossier.facts.map((fact) => `  ${fact}`)),
        ...(dossier === undefined || dossier.log === ''
            ? []
            : ['The last lines of the container:', indent(dossier.log)]),
        `${report.app}: ${headline(report)} (${report.durationSeconds} s) ${outputs.url}`,
    ];
}
/** Indented, so that the runner does not take a line of the container for a workflow command. */
function indent(text) {
    return text
        .trimEnd()
        .split('\n')
        .map((line) => `  | ${line}`)
        .join('\n');
}


/***/ })

};
