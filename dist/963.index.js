export const id = 963;
export const ids = [963];
export const modules = {

/***/ 3280:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T1: () => (/* binding */ call),
/* harmony export */   ev: () => (/* binding */ isNamed),
/* harmony export */   ry: () => (/* binding */ clientSettings)
/* harmony export */ });
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(411);

/** What every AWS client of the action is made with. */
function clientSettings(region) {
    return {
        region,
        maxAttempts: 5,
        retryMode: 'standard',
        customUserAgent: 'ec2-deploy-action',
        requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
    };
}
/**
 * Runs one call and explains what went wrong in the words of who has to mend it.
 * @param action as IAM names it, `ssm:SendCommand`
 * @param subject what the call is about, for the message
 * @throws Problem for missing credentials or rights, for an endpoint that does not answer and for a service in trouble; other errors
 * under the name that AWS gave them, with the action in their message
 */
async function call(action, subject, send) {
    try {
        return await send();
    }
    catch (error) {
        throw explain(action, subject, error);
    }
}
/** Whether an error is one that AWS gave this name, the way of the SDK to tell them apart. */
function isNamed(error, ...names) {
    return error instanceof Error && names.includes(error.name);
}
const denied = ['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'UnauthorizedException'];
const noCredentials = ['CredentialsProviderError'];
const badCredentials = [
    'UnrecognizedClientException',
    'InvalidClientTokenId',
    'AuthFailure',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'ExpiredToken',
    'ExpiredTokenException',
    'RequestExpired',
];
const throttled = ['ThrottlingException', 'Throttling', 'RequestLimitExceeded', 'TooManyRequestsException'];
const unreachable = ['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'];
function explain(action, subject, error) {
    if (!(error instanceof Error))
        return error;
    const text = explanation(action, subject, error);
    if (text !== undefined)
        return new _problem_js__WEBPACK_IMPORTED_MODULE_0__/* .Problem */ .A(`${text} AWS said: ${error.message}`, { cause: error });
    error.message = `${action} on ${subject} failed: ${error.message}`;
    return error;
}
function explanation(action, subject, error) {
    if (isNamed(error, ...denied)) {
        return `The workflow's role may not call ${action} on ${subject}. Add the action to its policy (README, "The exact IAM policy").`;
    }
    if (isNamed(error, ...noCredentials)) {
        return 'There are no AWS credentials. Add aws-actions/configure-aws-credentials before this step, and `permissions: id-token: write` to the job.';
    }
    if (isNamed(error, ...badCredentials)) {
        return 'AWS does not accept the credentials of this job; they are wrong or have expired. Look at the step that configures them.';
    }
    if (isNamed(error, ...throttled)) {
        return `AWS refused ${action} on ${subject} five times because of too many requests. Run the job again later.`;
    }
    if (isUnreachable(error)) {
        return `${action} did not get through to AWS. Check the input region and the runner's network.`;
    }
    if ('$fault' in error && error.$fault === 'server') {
        return `AWS could not do ${action} on ${subject}, five times. Look at health.aws.amazon.com, and run the job again later.`;
    }
    return undefined;
}
function isUnreachable(error) {
    return (isNamed(error, 'TimeoutError') || ('code' in error && unreachable.some((code) => code === error.code)));
}


/***/ }),

/***/ 1963:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RunCommand: () => (/* binding */ RunCommand),
/* harmony export */   W: () => (/* binding */ UnreachableHosts),
/* harmony export */   n: () => (/* binding */ hostsPerCall)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6141);
/* harmony import */ var _chunks_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1240);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(411);
/* harmony import */ var _call_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3280);




/** Seconds within which the agent has to start the command; a dead agent must not hold up the job. */
const deliveryTimeout = 60;
/** SendCommand, DescribeInstanceInformation and ListCommandInvocations take and give no more at a time. */
const hostsPerCall = 50;
const endedStatuses = ['Success', 'Cancelled', 'TimedOut', 'Failed'];
/** A command that was not sent, since at least one of its hosts would not get it. */
class UnreachableHosts extends _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A {
    constructor(instanceIds, cause) {
        super(`Systems Manager cannot reach ${instanceIds.join(', ')}: the instance is not running, or its agent is not connected. ` +
            'Check its state, its instance profile and its way to the internet.', { cause });
    }
}
/** Systems Manager: the only door to Run Command. */
class RunCommand {
    #client;
    constructor(region) {
        this.#client = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .SSMClient */ .jB((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .clientSettings */ .ry)(region));
    }
    /** The agents' state by instance id: `Online`, `ConnectionLost`; absent for one that never registered. */
    async agents(instanceIds) {
        const answers = await Promise.all((0,_chunks_js__WEBPACK_IMPORTED_MODULE_3__/* .chunksOf */ .U)(instanceIds, hostsPerCall).map((some) => this.#agentsOf(some)));
        return new Map(answers.flat().map((agent) => [agent.InstanceId ?? '', agent.PingStatus ?? '']));
    }
    async #agentsOf(instanceIds) {
        const answer = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:DescribeInstanceInformation', instanceIds.join(', '), () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .DescribeInstanceInformationCommand */ .MX({
            Filters: [{ Key: 'InstanceIds', Values: instanceIds }],
            MaxResults: hostsPerCall,
        }))).catch((error) => {
            // An id that the service does not know yet can be an error instead of an empty list.
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidInstanceId'))
                return undefined;
            throw error;
        });
        return answer?.InstanceInformationList ?? [];
    }
    /**
     * Sends a command to up to fifty hosts.
     * @returns the command's id
     * @throws UnreachableHosts, with nothing sent, if one of them is not running or not connected
     */
    async send(instanceIds, command, options) {
        const { Command } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:SendCommand', instanceIds.join(', '), () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .SendCommandCommand */ .VW({
            InstanceIds: instanceIds,
            DocumentName: command.document,
            Comment: options.comment.slice(0, 100),
            TimeoutSeconds: deliveryTimeout,
            Parameters: { ...command.parameters, executionTimeout: [String(options.executionTimeout)] },
        }))).catch((error) => {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidInstanceId'))
                throw new UnreachableHosts(instanceIds, error);
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .isNamed */ .ev)(error, 'InvalidDocument'))
                throw missingDocument(command.document, error);
            throw error;
        });
        return Command?.CommandId ?? '';
    }
    /** How every host stands with the command; an empty list right after sending is normal. */
    async invocations(commandId) {
        const { CommandInvocations } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:ListCommandInvocations', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .ListCommandInvocationsCommand */ .md({ CommandId: commandId, MaxResults: hostsPerCall, Details: true })));
        return (CommandInvocations ?? []).map(({ InstanceId, Status, StatusDetails, CommandPlugins }) => ({
            instanceId: InstanceId ?? '',
            status: (StatusDetails ?? Status ?? '').replaceAll(' ', ''),
            ended: endedStatuses.includes(Status ?? ''),
            output: shortOutput(CommandPlugins ?? []),
        }));
    }
    /** What the script printed on one host; the service keeps the first 24,000 characters. */
    async output(commandId, instanceId) {
        const { StandardOutputContent } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:GetCommandInvocation', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .GetCommandInvocationCommand */ .ry({ CommandId: commandId, InstanceId: instanceId })));
        return StandardOutputContent ?? '';
    }
    /** Asks the agents to kill the script; there is no guarantee that they do. */
    async cancel(commandId) {
        await (0,_call_js__WEBPACK_IMPORTED_MODULE_2__/* .call */ .T1)('ssm:CancelCommand', commandId, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .CancelCommandCommand */ .t({ CommandId: commandId })));
    }
}
function missingDocument(document, cause) {
    return new _problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A(`There is no SSM document ${document}. Check the inputs ssm-document and region, or deploy infra-template/host-document.yaml first.`, { cause });
}
/** A list has the first 2,500 characters of each output: one call then serves all hosts, instead of one for each. */
const longestListed = 2500;
function shortOutput(plugins) {
    const output = plugins.map(({ Output }) => Output ?? '').join('');
    return output.length < longestListed ? output : undefined;
}


/***/ }),

/***/ 1240:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ chunksOf)
/* harmony export */ });
/** A list in parts of at most this size, in order; none for an empty list. */
function chunksOf(items, size) {
    const count = Math.ceil(items.length / size);
    return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}


/***/ })

};
