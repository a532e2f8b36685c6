export const id = 432;
export const ids = [432];
export const modules = {

/***/ 8432:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Instances: () => (/* binding */ Instances)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5193);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(411);
/* harmony import */ var _call_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3280);



/** EC2: the only door to it. */
class Instances {
    #client;
    #region;
    constructor(region) {
        this.#client = new _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_0__/* .EC2Client */ .gu5((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .clientSettings */ .ry)(region));
        this.#region = region;
    }
    /** @throws Problem if one of them does not exist */
    async describe(instanceIds) {
        return this.#find({ InstanceIds: instanceIds }, instanceIds.join(', ')).catch((error) => {
            if ((0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .isNamed */ .ev)(error, 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed')) {
                throw new _problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .A(`There is no instance ${instanceIds.join(', ')} in ${this.#region}. Check the id and the input region.`, { cause: error });
            }
            throw error;
        });
    }
    /** The instances that run, or soon will, and have all these tags; in the order of their ids. */
    async withTags(tags) {
        const filters = tags.map(({ name, value }) => ({ Name: `tag:${name}`, Values: [value] }));
        const alive = { Name: 'instance-state-name', Values: ['pending', 'running'] };
        const hosts = await this.#find({ Filters: [...filters, alive] }, 'instances with the tags of the hosts');
        return hosts.sort((one, other) => one.instanceId.localeCompare(other.instanceId));
    }
    async #find(which, subject) {
        const hosts = [];
        let NextToken;
        do {
            const page = await (0,_call_js__WEBPACK_IMPORTED_MODULE_1__/* .call */ .T1)('ec2:DescribeInstances', subject, () => this.#client.send(new _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_0__/* .DescribeInstancesCommand */ .bNs({ ...which, ...(NextToken && { NextToken }) })));
            const found = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
            hosts.push(...found.map(toHost));
            NextToken = page.NextToken;
        } while (NextToken);
        return hosts;
    }
}
function toHost(instance) {
    return {
        instanceId: instance.InstanceId ?? '',
        state: instance.State?.Name ?? '',
        architecture: instance.Architecture === 'arm64' ? 'arm64' : 'amd64',
        publicAddress: instance.PublicIpAddress ?? '',
    };
}


/***/ })

};
