import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4701:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  _5: () => (/* binding */ deadlineIn),
  LD: () => (/* binding */ hostTimeIn),
  wt: () => (/* binding */ poll),
  wv: () => (/* binding */ secondsSince),
  Ch: () => (/* binding */ secondsUntil)
});

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./build/clock.js

/** @param seconds from now */
function deadlineIn(seconds) {
    return Date.now() + seconds * 1000;
}
/** Seconds since the epoch, as hosts count. */
function hostTimeIn(seconds) {
    return Math.floor(Date.now() / 1000) + seconds;
}
/** Whole seconds until then, never below zero. */
function secondsUntil(deadline) {
    return Math.max(0, Math.round((deadline - Date.now()) / 1000));
}
/** @returns whole seconds since the given time in milliseconds */
function secondsSince(start) {
    return Math.round((Date.now() - start) / 1000);
}
/**
 * Looks again and again until there is an answer.
 * @param look answers, or undefined for "not yet"
 * @returns the answer, or undefined once the deadline has passed
 */
async function poll(pace, look) {
    for (let pause = pace.shortest;; pause = Math.min(pause * 1.5, pace.longest)) {
        const answer = await look();
        if (answer !== undefined)
            return answer;
        const left = pace.deadline - Date.now();
        if (left <= 0)
            return undefined;
        // Jitter keeps the jobs of one push from asking in step.
        await (0,promises_namespaceObject.setTimeout)(Math.min(left, pause * (0.8 + 0.4 * Math.random())));
    }
}


/***/ }),

/***/ 1827:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  R: () => (/* binding */ memoryName),
  Z: () => (/* binding */ runStory)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: ./build/node_modules/@actions/core/index.js + 1 modules
var core = __nccwpck_require__(229);
// EXTERNAL MODULE: ./build/clock.js + 1 modules
var clock = __nccwpck_require__(4701);
;// CONCATENATED MODULE: ./build/inputs/checked.js
/** The inputs are not valid; the message names every problem, one a line. */
class InputError extends Error {
    name = 'InputError';
    problems;
    constructor(problems) {
        super(describe(problems));
        this.problems = problems;
    }
}
function accept(value) {
    return { ok: true, value };
}
function refuse(...problems) {
    return { ok: false, problems };
}
/**
 * Joins checks, so that the problems of all parts are found in one go.
 * @returns the parts' values under the same names, or the problems of every part
 */
function combine(parts) {
    const entries = Object.entries(parts);
    const problems = entries.flatMap(([, part]) => problemsOf(part));
    if (problems.length > 0)
        return refuse(...problems);
    return accept(Object.fromEntries(entries.map(([name, part]) => [name, part.ok && part.value])));
}
/** Makes another value of one that passed. */
function convert(checked, make) {
    return checked.ok ? accept(make(checked.value)) : checked;
}
/** Adds a rule that needs the whole value, such as one about two inputs at once. */
function refine(checked, rule) {
    if (!checked.ok)
        return checked;
    const problems = rule(checked.value);
    return problems.length > 0 ? refuse(...problems) : checked;
}
/**
 * @returns the value
 * @throws InputError with every problem, when there is one
 */
function valueOrThrow(checked) {
    if (checked.ok)
        return checked.value;
    throw new InputError(checked.problems);
}
function problemsOf(checked) {
    return checked.ok ? [] : checked.problems;
}
const longestShown = 100;
/** Quotes a value for a message: control characters made visible, long ones cut. */
function quote(value) {
    const characters = [...value];
    const shown = characters.length > longestShown ? `${characters.slice(0, longestShown).join('')}…` : value;
    return JSON.stringify(shown);
}
/** Joins words as a sentence does: `a`, `a and b`, `a, b and c`. */
function listed(words) {
    const last = words.at(-1) ?? '';
    return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : String(last);
}
function describe(problems) {
    const heading = problems.length === 1
        ? 'There is a problem with the inputs:'
        : `There are ${problems.length} problems with the inputs:`;
    return [heading, ...problems.map(describeOne)].join('\n');
}
function describeOne({ input, finding, allowed, example }) {
    return `- ${input}: ${finding}. Allowed: ${allowed}. Example: ${example}`;
}

;// CONCATENATED MODULE: ./build/inputs/durations.js
/**
 * Reads a duration such as `90s`, `15m`, `1m30s` or `1h`; every number needs its unit.
 * @returns seconds, or undefined for a text that is none
 */
function parseDuration(text) {
    const [whole, hours = '0', minutes = '0', seconds = '0'] = /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(text) ?? [];
    return whole ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) : undefined;
}
/** Writes whole seconds as parseDuration reads them: 90 is `1m30s`. */
function formatDuration(seconds) {
    const parts = [
        [Math.floor(seconds / 3600), 'h'],
        [Math.floor((seconds % 3600) / 60), 'm'],
        [seconds % 60, 's'],
    ];
    const text = parts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : '')).join('');
    return text || '0s';
}

;// CONCATENATED MODULE: ./build/inputs/forms.js

function matching(pattern, longest = 4096) {
    return (text) => (text.length <= longest && pattern.test(text) ? text : undefined);
}
function oneOf(values) {
    return (text) => values.find((value) => value === text);
}
/** A whole number from least to most. */
function wholeNumber(noun, least, most, example) {
    return {
        noun,
        allowed: `a whole number from ${least} to ${most}`,
        example,
        parse: (text) => (/^\d{1,15}$/.test(text) ? within(Number(text), least, most) : undefined),
    };
}
/** A duration from least to most, both in seconds. */
function duration(least, most, example) {
    const range = `from ${formatDuration(least)} to ${formatDuration(most)}`;
    return {
        noun: `a duration ${range}`,
        allowed: `hours, minutes and seconds with their units (h, m, s), ${range}`,
        example,
        parse: (text) => within(parseDuration(text), least, most),
    };
}
function within(value, least, most) {
    return value !== undefined && value >= least && value <= most ? value : undefined;
}
/** As CloudFormation has it: CreateStack, StackName. */
const stackName = {
    noun: "a stack's name",
    allowed: 'up to 128 letters, digits and hyphens, starting with a letter',
    example: 'my-app',
    parse: matching(/^[a-zA-Z][a-zA-Z0-9-]*$/, 128),
};
const instanceId = {
    noun: 'an instance id',
    allowed: '"i-" and 8 or 17 of the characters 0-9 and a-f',
    example: 'i-0123456789abcdef0',
    parse: matching(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/),
};
const region = {
    noun: "a region's code",
    allowed: "an AWS region's code, in the input region or in the environment as AWS_REGION or AWS_DEFAULT_REGION",
    example: 'eu-central-1',
    parse: matching(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, 32),
};
/** As Systems Manager has it (CreateDocument, Name), without the names that belong to AWS. */
const documentName = {
    noun: "an SSM document's name",
    allowed: '3 to 128 letters, digits and . _ -, not starting with aws, amazon or amzn',
    example: 'my-app-ec2-deploy',
    parse: matching(/^(?!aws|amazon|amzn)[a-zA-Z0-9_.-]{3,128}$/i),
};
const releaseId = {
    noun: "a release's id",
    allowed: 'the id of a release as a deploy tells it, or nothing for the one that served before',
    example: 'r41-3f9c2a',
    parse: matching(/^r[1-9]\d{0,9}-[0-9a-f]{6}$/),
};
/** As EC2 has it (CreateTags, Tag), without the characters that its filters take for wildcards. */
const tag = {
    noun: 'a tag',
    allowed: 'one NAME=VALUE a line: NAME of 1 to 128 characters, VALUE of up to 256, no "*", "?" or "\\"',
    example: 'ec2-deploy:app=my-app',
    parse: (text) => {
        const [, name, value] = /^([^=*?\\\p{Cc}]{1,128})=([^*?\\\p{Cc}]{0,256})$/u.exec(text) ?? [];
        return name === undefined || value === undefined ? undefined : { name, value };
    },
};
const repositoryName = matching(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 256);
/** As ECR has it (CreateRepository, repositoryName), without the registry's host that people paste with it. */
const forms_repository = {
    noun: "an ECR repository's name",
    allowed: "the name alone, without the registry's host and without a tag: 2 to 256 lower-case letters, digits and . _ - /",
    example: 'team/my-app',
    parse: (text) => text.length >= 2 && !/^[^/]*\.dkr[.-]ecr[^/]*\//.test(text) ? repositoryName(text) : undefined,
};
/** A folder or file of the checkout; an address or an option of docker's would not be one. */
const path = {
    noun: 'a path in the checkout',
    allowed: 'a path without control characters that does not start with "-" and is not a URL',
    example: './backend',
    parse: matching(/^(?!-)(?!.*:\/\/)\P{Cc}+$/u),
};
const stage = {
    noun: "a build stage's name",
    allowed: 'the name or number of a stage of the Dockerfile: letters, digits and . _ -, starting with a letter or digit',
    example: 'production',
    parse: matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 128),
};
const platform = {
    noun: 'a platform',
    allowed: "linux/amd64, linux/arm64, or nothing for the host's own",
    example: 'linux/arm64',
    parse: oneOf(['linux/amd64', 'linux/arm64']),
};
const domain = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?';
const segment = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const identification = ':\\w[\\w.-]{0,127}|(?::\\w[\\w.-]{0,127})?@sha256:[0-9a-f]{64}';
/** As docker has it, with the tag or the digest that says which image is meant. */
const forms_image = {
    noun: 'an image with a tag or a digest',
    allowed: 'NAME:TAG or NAME@sha256:DIGEST (64 of the characters 0-9 and a-f)',
    example: 'my-app:1.4.2',
    parse: matching(new RegExp(`^(?:${domain}/)?${segment}(?:/${segment})*(?:${identification})$`), 512),
};
const appName = {
    noun: "an app's name",
    allowed: '1 to 40 lower-case letters, digits and hyphens, with a letter or digit first and last',
    example: 'my-app',
    parse: matching(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
};
const port = (example) => wholeNumber('a port', 1, 65_535, example);
const unitBytes = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const leastMemory = 6 * 2 ** 20;
const mostMemory = 32 * 2 ** 40;
/** As `docker run --memory` takes it: docker's own least value, and the memory of the largest instance. */
const memory = {
    noun: 'an amount of memory',
    allowed: 'a number with a unit (b, k, m or g), from 6m to 32768g',
    example: '512m',
    parse: (text) => (within(bytes(text), leastMemory, mostMemory) === undefined ? undefined : text),
};
function bytes(text) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([bkmg]?)$/i.exec(text) ?? [];
    const factor = unitBytes[unit?.toLowerCase() ?? ''];
    return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
/** As `docker run --cpus` takes it: its least value is 0.01, its precision a billionth. */
const cpus = {
    noun: 'a number of processors',
    allowed: 'a decimal number of at least 0.01',
    example: '1.5',
    parse: (text) => (/^\d{1,5}(?:\.\d{1,9})?$/.test(text) && Number(text) >= 0.01 ? text : undefined),
};
/** The booleans of YAML 1.2's core schema, so that a typo never becomes a value. */
const forms_boolean = {
    noun: 'true or false',
    allowed: 'true or false',
    example: 'true',
    parse: (text) => {
        if (/^(?:true|True|TRUE)$/.test(text))
            return true;
        return /^(?:false|False|FALSE)$/.test(text) ? false : undefined;
    },
};
const strategy = {
    noun: 'a strategy',
    allowed: 'blue-green or recreate',
    example: 'blue-green',
    parse: oneOf(['blue-green', 'recreate']),
};
/** A whole number of hosts, or percent of them. */
const batchSize = {
    noun: 'a number of hosts or a percentage',
    allowed: 'a whole number of hosts from 1 to 1000, or a whole percentage from 1% to 100%',
    example: '25%',
    parse: (text) => {
        const [, digits = '', sign] = /^([1-9]\d{0,3})(%?)$/.exec(text) ?? [];
        const unit = sign === '%' ? 'percent' : 'hosts';
        const amount = within(Number(digits), 1, unit === 'percent' ? 100 : 1000);
        return amount === undefined ? undefined : { unit, amount };
    },
};
/** The characters of RFC 3986's path and query; a fragment never reaches a server. */
const healthPath = {
    noun: 'a path of the app',
    allowed: 'a path that starts with "/", without spaces, control characters or "#"; other characters than those of a URL percent-encoded',
    example: '/health',
    parse: matching(/^\/[a-zA-Z0-9\-._~!$&'()*+,;=:@/?%]*$/),
};
/** A path that the proxy can compare; the empty one is for none. */
const metricsPath = {
    noun: 'a path of the app',
    allowed: 'a path of letters, digits and . _ ~ - /, which starts with "/" and does not end with it, or none',
    example: '/metrics',
    parse: (text) => (text === 'none' ? '' : matching(/^(?:\/[a-zA-Z0-9._~-]+)+$/)(text)),
};
/** As `docker run --volume` takes it; the target must be absolute, the source a path or a volume's name. */
const volume = {
    noun: 'a volume',
    allowed: 'one SOURCE:TARGET, SOURCE:TARGET:ro or SOURCE:TARGET:rw a line; SOURCE an absolute path or the name of a volume, TARGET an absolute path other than "/"',
    example: 'uploads:/app/uploads',
    parse: matching(/^(?:\/[^:\p{Cc}]*|[a-zA-Z0-9][a-zA-Z0-9_.-]+):\/(?!\/*(?::|$))[^:\p{Cc}]+(?::r[ow])?$/u),
};

;// CONCATENATED MODULE: ./build/inputs/defaults.js
/** Every input's name with its default, as action.yml has them. */
const inputDefaults = {
    'stack-name': '',
    'instance-ids': '',
    'target-tags': '',
    region: '',
    'ssm-document': '',
    repository: '',
    context: '.',
    dockerfile: '',
    target: '',
    'build-args': '',
    platform: '',
    image: '',
    'app-name': '',
    'container-port': '8000',
    'host-port': '80',
    'metrics-port': '',
    'metrics-path': '/metrics',
    env: '',
    secrets: '',
    memory: '',
    cpus: '',
    'read-only': 'false',
    command: '',
    volumes: '',
    strategy: 'blue-green',
    'batch-size': '25%',
    'migrate-command': '',
    'drain-timeout': '30s',
    'keep-releases': '5',
    'health-path': '/health',
    'health-timeout': '60s',
    timeout: '15m',
    'wait-for-lease': '10m',
    'wait-for-instance': '10m',
};
/** Inputs of the other actions that a deploy has not. */
const otherDefaults = { release: '' };
/** Of every input of any of the actions. */
const allDefaults = { ...inputDefaults, ...otherDefaults };

;// CONCATENATED MODULE: ./build/inputs/words.js
const piece = /(?<gap>[ \t\n]+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<plain>[^ \t\n'"\\]+)/uy;
/**
 * Splits a command line into words as a POSIX shell does, with its quotes and backslashes but nothing
 * expanded: `$`, `*`, `;` and `|` stand for themselves.
 * Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting.
 */
function splitWords(text) {
    const words = [];
    let word;
    let position = 0;
    while (position < text.length) {
        piece.lastIndex = position;
        const match = piece.exec(text);
        if (match === null)
            return { ok: false, reason: unreadable(text, position) };
        const literal = literalOf(match.groups ?? {});
        if (literal !== undefined)
            word = (word ?? '') + literal;
        else if (match.groups?.['gap'] !== undefined && word !== undefined) {
            words.push(word);
            word = undefined;
        }
        position += match[0].length;
    }
    return { ok: true, words: word === undefined ? words : [...words, word] };
}
/** What a piece adds to the current word; undefined for one that adds nothing, not even an empty word. */
function literalOf({ single, double, escaped, plain, }) {
    // A backslash before a line's end joins the lines.
    if (escaped === '\n')
        return undefined;
    return single ?? double?.replace(/\\([$`"\\])|\\\n/g, '$1') ?? escaped ?? plain;
}
function unreadable(text, position) {
    const place = `character ${[...text.slice(0, position)].length + 1}`;
    return text[position] === '\\'
        ? `the backslash at the end (${place}) has nothing to quote`
        : `the quote ${text[position]} opened at ${place} is never closed`;
}

;// CONCATENATED MODULE: ./build/inputs/read.js



function isEmpty(text) {
    return text.trim() === '';
}
/** Whether an input was set to something else than its default. */
function isSet(read, input) {
    return read(input).trim() !== allDefaults[input];
}
function problem(input, finding, { allowed, example }) {
    return { input, finding, allowed, example };
}
function readForm(read, input, form) {
    return checkForm(input, read(input).trim(), form);
}
/** Reads an input that may be empty. */
function readOptional(read, input, form) {
    return isEmpty(read(input)) ? accept('') : readForm(read, input, form);
}
/** @param origin where the text is from, if not from the input itself, for example ` (from AWS_REGION)` */
function checkForm(input, text, form, origin = '') {
    const value = form.parse(text);
    if (value !== undefined)
        return accept(value);
    return refuse(problem(input, `${quote(text)}${origin} is not ${form.noun}`, form));
}
/** Reads a list of texts of one form and finds the problems of all of them. */
function checkEach(input, texts, form) {
    const checks = texts.map((text) => checkForm(input, text, form));
    const problems = checks.flatMap(problemsOf);
    if (problems.length > 0)
        return refuse(...problems);
    return accept(checks.flatMap((check) => (check.ok ? [check.value] : [])));
}
/** Reads a command line as its words; none when the input is empty. */
function readWords(read, input, example) {
    const words = splitWords(read(input));
    if (words.ok)
        return accept(words.words);
    const allowed = 'words as a shell splits them, every quote closed; nothing is expanded';
    return refuse(problem(input, words.reason, { allowed, example }));
}

;// CONCATENATED MODULE: ./build/inputs/variables.js

const variables_form = {
    allowed: 'one NAME=VALUE a line, or NAME<<DELIMITER, the lines of the value, and DELIMITER on its own line; NAME of letters, digits and _, not starting with a digit',
    example: 'LOG_LEVEL=info',
};
/**
 * Reads variables in the syntax of GITHUB_ENV: `NAME=VALUE` lines, in which everything after the first `=` is
 * the value byte for byte, and `NAME<<DELIMITER` for a value of several lines. Blank lines and lines that
 * start with `#` are skipped. A problem never shows a value, and shows a name only where it is surely one.
 * Source: GitHub's "Workflow commands", multiline strings.
 */
function parseVariables(input, text) {
    const entries = [...readEntries(text.split('\n'))];
    const assignments = entries.filter((entry) => entry.kind === 'assignment');
    const strays = entries.filter((entry) => entry.kind === 'stray');
    const findings = [
        ...strayLines(strays),
        ...unclosedValues(entries),
        ...badNames(assignments, strays.every(isSurelyName)),
        ...repeatedNames(assignments),
        ...valuesWithNul(assignments),
    ];
    if (findings.length > 0)
        return refuse(...findings.map((finding) => ({ input, finding, ...variables_form })));
    return accept(assignments.map(({ name, value }) => ({ name, value })));
}
function* readEntries(lines) {
    let index = 0;
    while (index < lines.length) {
        const [entry, length] = readEntry(lines, index);
        if (entry !== undefined)
            yield entry;
        index += length;
    }
}
/** Reads the entry that starts at a line; returns it, and of how many lines it is. */
function readEntry(lines, index) {
    const text = lines[index] ?? '';
    const line = index + 1;
    if (text.trim() === '' || text.startsWith('#'))
        return [undefined, 1];
    const heredoc = /^([^=]*?)<<(.+)$/s.exec(text);
    if (heredoc !== null)
        return readHeredoc(lines, index, heredoc[1] ?? '', heredoc[2] ?? '');
    const equals = text.indexOf('=');
    if (equals < 0)
        return [{ kind: 'stray', line, text }, 1];
    return [{ kind: 'assignment', line, name: text.slice(0, equals), value: text.slice(equals + 1) }, 1];
}
function readHeredoc(lines, index, name, delimiter) {
    const line = index + 1;
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0)
        return [{ kind: 'unclosed', line }, lines.length - index];
    return [{ kind: 'assignment', line, name, value: lines.slice(index + 1, end).join('\n') }, end - index + 1];
}
function strayLines(strays) {
    if (strays.length === 0)
        return [];
    if (strays.every(isSurelyName))
        return strays.map(({ text, line }) => `${quote(text)} on line ${line} has no "="`);
    const lines = strays.map(({ line }) => line);
    return [lines.length === 1 ? `line ${lines[0]} has no "="` : `lines ${listed(lines)} have no "="`];
}
/** Anything else can be a line of a value of several lines, perhaps of a private key. */
function isSurelyName({ text }) {
    return /^[A-Z_][A-Z0-9_]{0,39}$/.test(text);
}
function unclosedValues(entries) {
    return entries
        .filter(({ kind }) => kind === 'unclosed')
        .map(({ line }) => `the value that starts on line ${line} never ends: no later line is its DELIMITER`);
}
/** What stands before a `=` can be a piece of a value, too: it is shown only where it looks like a name. */
function badNames(assignments, linesAreRead) {
    return assignments
        .filter(({ name }) => !isVariableName(name))
        .map(({ name, line }) => {
        const shown = linesAreRead && /^[\w .-]{0,40}$/.test(name) ? `${quote(name)} ` : '';
        return `the name ${shown}on line ${line} is not a variable's name`;
    });
}
function repeatedNames(assignments) {
    const byName = Map.groupBy(assignments, ({ name }) => name);
    return [...byName]
        .filter(([name, those]) => those.length > 1 && isVariableName(name))
        .map(([name, those]) => `${name} is set more than once, on lines ${listed(those.map(({ line }) => line))}`);
}
function valuesWithNul(assignments) {
    return assignments
        .filter(({ value }) => value.includes('\0'))
        .map(({ line }) => `the value on line ${line} has a NUL character, which no environment can hold`);
}
function isVariableName(name) {
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

;// CONCATENATED MODULE: ./build/inputs/secrets.js


const secretsForm = {
    allowed: 'one NAME=REFERENCE a line; REFERENCE the name of a Parameter Store parameter (starting with /, but not with /aws or /ssm; at most 15 levels; letters, digits and . _ -) or the ARN of a Secrets Manager secret, with :JSON-KEY:VERSION-STAGE:VERSION-ID after it to choose a part or version',
    example: 'DATABASE_URL=/my-app/database-url',
};
/** Reads secrets, one `NAME=REFERENCE` a line. */
function parseSecrets(input, text) {
    const variables = parseVariables(input, text);
    if (!variables.ok)
        return refuse(...variables.problems.map((problem) => ({ ...problem, ...secretsForm })));
    const secrets = [];
    const problems = [];
    for (const variable of variables.value) {
        const reference = parseReference(variable.value.trim());
        if (reference === undefined)
            problems.push({ input, finding: refusal(variable), ...secretsForm });
        else
            secrets.push({ name: variable.name, reference });
    }
    return problems.length > 0 ? refuse(...problems) : accept(secrets);
}
/** @returns undefined for a text that is neither a parameter's name nor a secret's ARN */
function parseReference(text) {
    return text.startsWith('arn:') ? parseSecretArn(text) : parseParameterName(text);
}
/** What does not look like a reference may be the secret itself, written there by mistake: it is not shown. */
function refusal({ name, value }) {
    const reference = value.trim();
    if (reference === '')
        return `the reference of ${name} is empty`;
    const looksLikeOne = /^(?:\/|arn:)/.test(reference);
    const shown = looksLikeOne ? quote(reference) : 'not shown, since it may be the secret itself';
    return `the reference of ${name} (${shown}) is neither a parameter's name nor a secret's ARN`;
}
/**
 * The slash is ours to ask for: without it every simple password would be a name, and travel to the host as one.
 * Source: Systems Manager, PutParameter, Name; 1011 characters are what a user can choose of it.
 */
function parseParameterName(name) {
    const levels = name.split('/').slice(1);
    const wellFormed = name.length <= 1011 && /^(?:\/[\w.-]+)+$/.test(name);
    const reserved = /^\/(?:aws|ssm)(?:\/|$)/i.test(name);
    return wellFormed && !reserved && levels.length <= 15 ? { kind: 'parameter', name } : undefined;
}
const secretArn = /^(?<arn>arn:aws(?:-[a-z]+)*:secretsmanager:[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}:\d{12}:secret:[\w/+=.@-]{1,512})(?::(?<jsonKey>[^:\p{Cc}]*):(?<versionStage>[^:\s]*):(?<versionId>[\w-]*))?$/u;
/** Source: Amazon ECS, "Pass Secrets Manager secrets through environment variables". */
function parseSecretArn(text) {
    const { arn, jsonKey = '', versionStage = '', versionId = '' } = secretArn.exec(text)?.groups ?? {};
    return arn === undefined ? undefined : { kind: 'secret', arn, jsonKey, versionStage, versionId };
}

;// CONCATENATED MODULE: ./build/inputs/container.js





/** How the container is run. */
function readContainer(read) {
    const variables = combine({
        environment: refine(parseVariables('env', read('env')), (those) => reservedNames('env', those)),
        secrets: refine(parseSecrets('secrets', read('secrets')), (those) => reservedNames('secrets', those)),
    });
    const settings = combine({
        containerPort: readForm(read, 'container-port', port('8000')),
        hostPort: readForm(read, 'host-port', port('80')),
        metricsPort: isEmpty(read('metrics-port'))
            ? accept(undefined)
            : readForm(read, 'metrics-port', port('9464')),
        metricsPath: readForm(read, 'metrics-path', metricsPath),
        variables: refine(variables, namesDiffer),
        memory: readOptional(read, 'memory', memory),
        cpus: readOptional(read, 'cpus', cpus),
        readOnly: readForm(read, 'read-only', forms_boolean),
        command: readWords(read, 'command', 'node server.js --port 8000'),
        volumes: readVolumes(read),
    });
    return convert(settings, ({ variables: named, ...others }) => ({ ...named, ...others }));
}
function readVolumes(read) {
    const lines = read('volumes')
        .split('\n')
        .filter((line) => !isEmpty(line));
    return refine(checkEach('volumes', lines.map((line) => line.trim()), volume), targetsDiffer);
}
/** Docker refuses a second mount at a place. */
function targetsDiffer(volumes) {
    const byTarget = Map.groupBy(volumes, (volume) => volume.split(':')[1] ?? '');
    return [...byTarget]
        .filter(([, those]) => those.length > 1)
        .map(([target]) => problem('volumes', `${quote(target)} is the target of more than one volume`, volume));
}
function namesDiffer({ environment, secrets, }) {
    const plain = new Set(environment.map(({ name }) => name));
    const form = { allowed: 'each name in one of env and secrets', example: secretsForm.example };
    return secrets
        .filter(({ name }) => plain.has(name))
        .map(({ name }) => problem('secrets', `${name} is set in env, too`, form));
}
/** The action's own names are not the app's. */
function reservedNames(input, variables) {
    const form = { allowed: 'names that do not start with EC2_DEPLOY_', example: 'APP_LOG_LEVEL=info' };
    return variables
        .filter(({ name }) => name.startsWith('EC2_DEPLOY_'))
        .map(({ name }) => problem(input, `${name} is one of the names that this action keeps for itself`, form));
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
;// CONCATENATED MODULE: ./build/inputs/image-source.js





const buildInputs = ['context', 'dockerfile', 'target', 'build-args', 'platform'];
/** What is deployed: an image that exists, or one that the build inputs describe; never both. */
function readImageSource(read) {
    if (!isSet(read, 'image'))
        return readBuild(read);
    const image = readForm(read, 'image', forms_image);
    const superfluous = buildInputs.filter((input) => isSet(read, input));
    if (superfluous.length === 0)
        return convert(image, (name) => ({ kind: 'existing', image: name }));
    const conflict = problem('image', `is set together with ${listed(superfluous)}, but an image that exists is not built`, {
        allowed: `image, or inputs of the build (${listed(buildInputs)}), not both`,
        example: forms_image.example,
    });
    return refuse(conflict, ...problemsOf(image));
}
function readBuild(read) {
    const parts = combine({
        context: readForm(read, 'context', path),
        dockerfile: readOptional(read, 'dockerfile', path),
        stage: readOptional(read, 'target', stage),
        buildArguments: parseVariables('build-args', read('build-args')),
        platform: readOptional(read, 'platform', platform),
    });
    return convert(parts, (build) => ({
        kind: 'build',
        ...build,
        dockerfile: build.dockerfile || external_node_path_.posix.join(build.context, 'Dockerfile'),
    }));
}

;// CONCATENATED MODULE: ./build/inputs/place.js



const targetInputs = {
    'stack-name': readStack,
    'instance-ids': readInstances,
    'target-tags': readTags,
};
/** Where the app runs: exactly one of stack-name, instance-ids and target-tags. */
function readTarget(read) {
    const names = Object.keys(targetInputs);
    const given = names.filter((name) => isSet(read, name));
    const candidates = given.map((name) => targetInputs[name](read));
    const [first, second] = candidates;
    if (first !== undefined && second === undefined)
        return first;
    const ambiguous = {
        input: listed(names),
        finding: first === undefined ? 'none of them is set' : `${listed(given)} are set`,
        allowed: 'exactly one of them',
        example: 'stack-name: my-app',
    };
    return refuse(ambiguous, ...candidates.flatMap(problemsOf));
}
function readStack(read) {
    return convert(readForm(read, 'stack-name', stackName), (stackName) => ({
        kind: 'stack',
        stackName,
    }));
}
function readInstances(read) {
    const ids = read('instance-ids')
        .split(/[\s,]+/)
        .filter((id) => id !== '');
    const checked = refine(checkEach('instance-ids', ids, instanceId), areDistinct);
    return convert(checked, (instanceIds) => ({ kind: 'instances', instanceIds }));
}
function areDistinct(ids) {
    const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
    const form = {
        allowed: 'ids of instances, each once, separated by commas, blanks or lines',
        example: instanceId.example,
    };
    if (ids.length === 0)
        return [problem('instance-ids', 'has no id in it', form)];
    return repeated === undefined
        ? []
        : [problem('instance-ids', `${quote(repeated)} is there more than once`, form)];
}
function readTags(read) {
    const lines = read('target-tags')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    return convert(checkEach('target-tags', lines, tag), (tags) => ({ kind: 'tags', tags }));
}
/** The region of the input, else of the environment as the AWS tools read it. */
function readRegion(read, environment) {
    if (isSet(read, 'region'))
        return readForm(read, 'region', region);
    const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => !isEmpty(environment[name] ?? ''));
    if (variable !== undefined) {
        return checkForm('region', environment[variable]?.trim() ?? '', region, ` (from ${variable})`);
    }
    return refuse(problem('region', 'is empty, and so are AWS_REGION and AWS_DEFAULT_REGION', region));
}
/** The app's name of the input, else one made from that of the GitHub repository. */
function readAppName(read, environment) {
    if (isSet(read, 'app-name'))
        return readForm(read, 'app-name', appName);
    const repository = environment['GITHUB_REPOSITORY'] ?? '';
    const name = (repository.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const trimmed = name.replace(/^-|-$/g, '');
    if (trimmed !== '') {
        return checkForm('app-name', trimmed, appName, ` (from GITHUB_REPOSITORY, ${quote(repository)})`);
    }
    return refuse(problem('app-name', 'is empty, and GITHUB_REPOSITORY has no name to take', appName));
}

;// CONCATENATED MODULE: ./build/inputs.js









const hour = 3600;
/**
 * Reads and validates every input of a deploy; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
function readInputs(given, environment) {
    const read = reader(given);
    const image = combine({
        target: readTarget(read),
        repository: readOptional(read, 'repository', forms_repository),
        image: readImageSource(read),
    });
    const others = combine({
        container: readContainer(read),
        strategy: readForm(read, 'strategy', strategy),
        migrateCommand: readWords(read, 'migrate-command', 'npm run migrate'),
        healthPath: readForm(read, 'health-path', healthPath),
    });
    const groups = combine({
        image: refine(image, repositoryIsKnown),
        common: readCommon(read, environment),
        others: refine(others, (those) => metricsFit(read, those)),
    });
    const inputs = valueOrThrow(groups);
    return { ...inputs.common, ...inputs.image, ...inputs.others };
}
/**
 * Reads and validates every input of a rollback; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
function readRollbackInputs(given, environment) {
    const read = reader(given);
    const groups = combine({
        place: combine({ target: readTarget(read), release: readOptional(read, 'release', releaseId) }),
        common: readCommon(read, environment),
    });
    const inputs = valueOrThrow(groups);
    return { ...inputs.common, ...inputs.place };
}
/**
 * Reads and validates every input of a check; calls nothing outside.
 * @param environment the runner's, for AWS_REGION, AWS_DEFAULT_REGION and GITHUB_REPOSITORY
 * @throws InputError naming every problem found
 */
function readCheckInputs(given, environment) {
    const read = reader(given);
    const place = combine({ target: readTarget(read) });
    const inputs = valueOrThrow(combine({ place, common: readCommon(read, environment) }));
    return { ...inputs.common, ...inputs.place };
}
function reader(given) {
    return (input) => (isEmpty(given(input)) ? allDefaults[input] : given(input));
}
/** Everything of CommonInputs but the target, which other inputs of a deploy depend on. */
function readCommon(read, environment) {
    const limits = combine({
        healthTimeout: readForm(read, 'health-timeout', duration(1, hour, '60s')),
        timeout: readForm(read, 'timeout', duration(10, 6 * hour, '15m')),
    });
    const others = combine({
        region: readRegion(read, environment),
        ssmDocument: readOptional(read, 'ssm-document', documentName),
        appName: readAppName(read, environment),
        batchSize: readForm(read, 'batch-size', batchSize),
        drainTimeout: readForm(read, 'drain-timeout', duration(0, hour, '30s')),
        keepReleases: readForm(read, 'keep-releases', wholeNumber('a number of releases', 1, 50, '5')),
        waitForLease: readForm(read, 'wait-for-lease', duration(0, 6 * hour, '10m')),
        waitForInstance: readForm(read, 'wait-for-instance', duration(0, 6 * hour, '10m')),
    });
    const groups = combine({ limits: refine(limits, (those) => healthEndsFirst(read, those)), others });
    return convert(groups, (common) => ({ ...common.limits, ...common.others }));
}
/** Without a stack there is nothing that could name the repository of a build. */
function repositoryIsKnown({ target, repository, image, }) {
    if (repository !== '' || target.kind === 'stack' || image.kind === 'existing')
        return [];
    const finding = 'is empty, and without stack-name there is no stack to read it from';
    return [problem('repository', finding, forms_repository)];
}
/** Metrics have a port and a path of their own, which only the proxy can keep apart. */
function metricsFit(read, { container, strategy, healthPath }) {
    const { hostPort, metricsPort, metricsPath } = container;
    const [port, path] = [quote(read('metrics-port').trim()), quote(read('metrics-path').trim())];
    const portForm = { allowed: 'a port other than host-port, with blue-green', example: '9464' };
    const pathForm = { allowed: 'a path other than health-path', example: inputDefaults['metrics-path'] };
    return [
        ...(metricsPort === hostPort ? [problem('metrics-port', `${port} is host-port, too`, portForm)] : []),
        ...(metricsPort !== undefined && strategy === 'recreate'
            ? [problem('metrics-port', `${port} needs the proxy, which the strategy recreate has not`, portForm)]
            : []),
        ...(metricsPath !== '' && healthPath.split('?')[0] === metricsPath
            ? [problem('metrics-path', `${path} is health-path, too`, pathForm)]
            : []),
    ];
}
function healthEndsFirst(read, { healthTimeout, timeout }) {
    if (healthTimeout < timeout)
        return [];
    const [health, whole] = [quote(read('health-timeout').trim()), quote(read('timeout').trim())];
    const form = { allowed: 'a duration below that of timeout', example: inputDefaults['health-timeout'] };
    return [problem('health-timeout', `${health} is not shorter than timeout, which is ${whole}`, form)];
}

;// CONCATENATED MODULE: ./build/job.js




/** Name under which the step keeps what its post step needs. */
const memoryName = 'deploy';
/** The stories by the name that rollback/index.js and check/index.js give them; a deploy has none. */
const stories = {
    '': async () => {
        const run = await startRun(readInputs);
        return (await Promise.all(/* import() */[__nccwpck_require__.e(861), __nccwpck_require__.e(522), __nccwpck_require__.e(260), __nccwpck_require__.e(782), __nccwpck_require__.e(395), __nccwpck_require__.e(583)]).then(__nccwpck_require__.bind(__nccwpck_require__, 2583))).deploy(run);
    },
    rollback: async () => {
        const run = await startRun(readRollbackInputs);
        return (await Promise.all(/* import() */[__nccwpck_require__.e(861), __nccwpck_require__.e(522), __nccwpck_require__.e(782), __nccwpck_require__.e(395), __nccwpck_require__.e(150)]).then(__nccwpck_require__.bind(__nccwpck_require__, 150))).rollBack(run);
    },
    check: async () => {
        const run = await startRun(readCheckInputs);
        return (await Promise.all(/* import() */[__nccwpck_require__.e(861), __nccwpck_require__.e(522), __nccwpck_require__.e(782), __nccwpck_require__.e(516)]).then(__nccwpck_require__.bind(__nccwpck_require__, 516))).check(run);
    },
};
/**
 * Tells the story of the action that GitHub runs.
 * @throws InputError naming every wrong input
 */
async function runStory() {
    const name = process.env['EC2_DEPLOY_STORY'] ?? '';
    const story = stories[name];
    if (story === undefined)
        throw new Error(`There is no story ${name}.`);
    return story();
}
/** What GitHub says of this run, and what the user asked for. */
async function startRun(read) {
    const inputs = read((name) => (0,core/* getInput */.V4)(name, { trimWhitespace: false }), process.env);
    // Loaded after the inputs: with it come clients that this run may never need.
    const { context } = await __nccwpck_require__.e(/* import() */ 587).then(__nccwpck_require__.bind(__nccwpck_require__, 5587));
    const runUrl = `${context.serverUrl}/${process.env['GITHUB_REPOSITORY'] ?? ''}/actions/runs/${context.runId}`;
    return {
        inputs,
        commit: context.sha ?? '',
        runUrl,
        holder: (0,external_node_crypto_.randomUUID)(),
        startedAt: Date.now(),
        deadline: (0,clock/* deadlineIn */._5)(inputs.timeout),
        log: core/* info */.pq,
        warn: core/* warning */.$e,
        remember: (memory) => (0,core/* saveState */.LZ)(memoryName, memory),
    };
}


/***/ }),

/***/ 9479:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(229);
/* harmony import */ var _job_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1827);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(214);



/** GitHub runs this file twice: for the step, and after the job to clean up. */
await ((0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu)('started') === '' ? step() : postStep());
async function step() {
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ)('started', 'yes');
    for (const signal of ['SIGINT', 'SIGTERM'])
        process.once(signal, leave);
    try {
        const result = await (0,_job_js__WEBPACK_IMPORTED_MODULE_1__/* .runStory */ .Z)();
        const { failureText, present } = await __nccwpck_require__.e(/* import() */ 652).then(__nccwpck_require__.bind(__nccwpck_require__, 2652));
        await present(result);
        if (result.reason !== '')
            (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setFailed */ .C1)(failureText(result));
    }
    catch (error) {
        (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .writeOutputs */ .Kn)(_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .nothingKnown */ .Hx, _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setOutput */ .uH);
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setFailed */ .C1)(error instanceof Error ? error.message : String(error));
    }
    // A build that outlived its run must not hold the job.
    process.exit();
}
/** A cancelled job has seconds: the post step has the time to go back. */
function leave(signal) {
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .writeOutputs */ .Kn)(_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .nothingKnown */ .Hx, _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setOutput */ .uH);
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq)(`Cancelled (${signal}); the post step brings the hosts back`);
    process.exit(1);
}
async function postStep() {
    const memory = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu)(_job_js__WEBPACK_IMPORTED_MODULE_1__/* .memoryName */ .R);
    if (memory === '')
        return;
    const { cleanUp } = await __nccwpck_require__.e(/* import() */ 756).then(__nccwpck_require__.bind(__nccwpck_require__, 6756));
    const failures = await cleanUp(JSON.parse(memory), _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq);
    for (const failure of failures)
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .warning */ .$e)(failure);
    if (failures.length > 0)
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setFailed */ .C1)('The way back or the clean-up after this deploy did not end well; see the warnings above.');
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 229:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  V4: () => (/* binding */ getInput),
  Gu: () => (/* binding */ getState),
  Os: () => (/* binding */ group),
  pq: () => (/* binding */ info),
  LZ: () => (/* binding */ saveState),
  C1: () => (/* binding */ setFailed),
  uH: () => (/* binding */ setOutput),
  z: () => (/* binding */ summary),
  $e: () => (/* binding */ warning)
});

// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
;// CONCATENATED MODULE: ./build/node_modules/@actions/core/index.js





// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + external_os_.EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!external_fs_.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	external_fs_.appendFileSync(filePath, `${toCommandValue(message)}${external_os_.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
// node_modules/@actions/core/lib/summary.js
var __awaiter$1 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile } = external_fs_.promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, external_fs_.constants.R_OK | external_fs_.constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter$1(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter$1(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(external_os_.EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
// node_modules/@actions/core/lib/core.js
var __awaiter = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Gets the value of an input.
* Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
* Returns an empty string if the value is not defined.
*
* @param     name     name of the input to get
* @param     options  optional. See InputOptions.
* @returns   string
*/
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(external_os_.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Sets the action status to failed.
* When the action exits it will be with an exit code of 1
* @param message add error issue message
*/
function setFailed(message) {
	process.exitCode = ExitCode.Failure;
	error(message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info(message) {
	process.stdout.write(message + external_os_.EOL);
}
/**
* Begin an output group.
*
* Output until the next `groupEnd` will be foldable in this group
*
* @param name The name of the output group
*/
function startGroup(name) {
	issue("group", name);
}
/**
* End an output group.
*/
function endGroup() {
	issue("endgroup");
}
/**
* Wrap an asynchronous function call in a group.
*
* Returns the same type as the function itself.
*
* @param name The name of the group
* @param fn The function to wrap in the group
*/
function group(name, fn) {
	return __awaiter(this, void 0, void 0, function* () {
		startGroup(name);
		let result;
		try {
			result = yield fn();
		} finally {
			endGroup();
		}
		return result;
	});
}
/**
* Saves state for current action, the state can only be retrieved by this action's post job execution.
*
* @param     name     name of the state to store
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
/**
* Gets the value of an state set by this action's main execution.
*
* @param     name     name of the state to get
* @returns   string
*/
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}



/***/ }),

/***/ 214:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Hx: () => (/* binding */ nothingKnown),
/* harmony export */   Kn: () => (/* binding */ writeOutputs)
/* harmony export */ });
/* unused harmony export outputNames */
/** Every output's name, as action.yml has them. */
const outputNames = {
    verdict: 'verdict',
    release: 'release',
    previousRelease: 'previous-release',
    image: 'image',
    imageDigest: 'image-digest',
    instanceIds: 'instance-ids',
    url: 'url',
    commandIds: 'command-ids',
    durationSeconds: 'duration-seconds',
    report: 'report',
};
/** The outputs of a deploy that failed before anything was known. */
const nothingKnown = {
    verdict: 'failed',
    release: '',
    previousRelease: '',
    image: '',
    imageDigest: '',
    instanceIds: [],
    url: '',
    commandIds: [],
    durationSeconds: 0,
    report: undefined,
};
/**
 * Writes every output, so that a later step finds each one set.
 * @param set takes an output's name and its text, as `setOutput` of @actions/core does
 */
function writeOutputs(outputs, set) {
    const texts = {
        ...outputs,
        instanceIds: outputs.instanceIds.join(','),
        commandIds: outputs.commandIds.join(','),
        durationSeconds: String(Math.round(outputs.durationSeconds)),
        report: outputs.report === undefined ? '' : JSON.stringify(outputs.report),
    };
    for (const key of Object.keys(outputNames))
        set(outputNames[key], texts[key]);
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(9479);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
