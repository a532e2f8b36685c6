export const id = 296;
export const ids = [296];
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

/***/ 4296:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Parameters: () => (/* binding */ Parameters)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6141);
/* harmony import */ var _chunks_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1240);
/* harmony import */ var _call_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3280);



/** Parameter Store: the only door to the records that the action keeps. */
class Parameters {
    #client;
    constructor(region) {
        this.#client = new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .SSMClient */ .jB((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .clientSettings */ .ry)(region));
    }
    /**
     * @param name with `:VERSION` for an older value
     * @returns undefined if there is none
     */
    async read(name) {
        try {
            const { Parameter } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ssm:GetParameter', name, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .GetParameterCommand */ .lh({ Name: name })));
            return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
        }
        catch (error) {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'ParameterNotFound'))
                return undefined;
            throw error;
        }
    }
    /** @returns false if there is one of that name already */
    async create(name, value) {
        try {
            await this.#put(name, value, false);
            return true;
        }
        catch (error) {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'ParameterAlreadyExists'))
                return false;
            throw error;
        }
    }
    /** @returns the version that the value got */
    async write(name, value) {
        return this.#put(name, value, true);
    }
    /** Deletes them, ten a call as the API takes them; a name that is not there is passed over. */
    async remove(names) {
        for (const some of (0,_chunks_js__WEBPACK_IMPORTED_MODULE_2__/* .chunksOf */ .U)(names, 10)) {
            await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ssm:DeleteParameters', some.join(', '), () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .DeleteParametersCommand */ .lP({ Names: some })));
        }
    }
    async #put(name, value, overwrite) {
        const { Version } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ssm:PutParameter', name, () => this.#client.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_0__/* .PutParameterCommand */ .ih({
            Name: name,
            Value: value,
            Type: 'String',
            Overwrite: overwrite,
            Tier: 'Intelligent-Tiering',
        })));
        return Version ?? 0;
    }
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
