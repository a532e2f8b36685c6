export const id = 480;
export const ids = [480];
export const modules = {

/***/ 480:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Registry: () => (/* binding */ Registry)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3802);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(411);
/* harmony import */ var _call_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3280);



/** ECR: the only door to it. */
class Registry {
    #client;
    #region;
    constructor(region) {
        this.#client = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .ECRClient */ .S7((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .clientSettings */ .ry)(region));
        this.#region = region;
    }
    /** A login that is good for twelve hours. */
    async login() {
        const { authorizationData } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ecr:GetAuthorizationToken', 'the registry', () => this.#client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .GetAuthorizationTokenCommand */ .Eu({})));
        const [authorization] = authorizationData ?? [];
        const [user = '', password = ''] = Buffer.from(authorization?.authorizationToken ?? '', 'base64')
            .toString('utf8')
            .split(':');
        return { registry: (authorization?.proxyEndpoint ?? '').replace(/^https?:\/\//, ''), user, password };
    }
    /** @throws Problem if there is no repository of that name */
    async requireRepository(name) {
        await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ecr:DescribeRepositories', name, () => this.#client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .DescribeRepositoriesCommand */ .pE({ repositoryNames: [name] }))).catch((error) => {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'RepositoryNotFoundException'))
                throw this.#missingRepository(name, error);
            throw error;
        });
    }
    /**
     * @param reference a tag, or a digest (`sha256:…`)
     * @throws Problem if there is no such image
     */
    async image(repository, reference) {
        const image = await this.find(repository, reference);
        if (image !== undefined)
            return image;
        throw new _problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .A(`The repository ${repository} has no image ${reference}. Check the input image.`);
    }
    /**
     * @param reference a tag, or a digest (`sha256:…`)
     * @returns undefined if there is no such image
     */
    async find(repository, reference) {
        const imageIds = [reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference }];
        try {
            const { imageDetails } = await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ecr:DescribeImages', repository, () => this.#client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_0__/* .DescribeImagesCommand */ .ji({ repositoryName: repository, imageIds })));
            const [image] = imageDetails ?? [];
            return { digest: image?.imageDigest ?? '', bytes: image?.imageSizeInBytes ?? 0 };
        }
        catch (error) {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'RepositoryNotFoundException'))
                throw this.#missingRepository(repository, error);
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'ImageNotFoundException'))
                return undefined;
            throw error;
        }
    }
    #missingRepository(name, cause) {
        return new _problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .A(`There is no ECR repository ${name} in ${this.#region}. Check the input repository, or make it (infra-template/ does).`, { cause });
    }
}


/***/ })

};
