/** Name of the cloud of these tests. TEST_CLOUD names another, so that two checkouts' runs don't meet in one. */
export const testCloud = process.env['TEST_CLOUD'] ?? 'ec2-deploy-test';
