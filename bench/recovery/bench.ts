// How long it takes until somebody answers again, on the local cloud: `npm run bench:recovery`.
import { down, up } from '../../testbed/cloud/lifecycle.ts';

const CLOUD = 'ec2-deploy-recovery';
// The tests' support takes the cloud of the first of its workers.
process.env['TEST_CLOUD'] = CLOUD;
const name = `${CLOUD}-1`;

try {
  await up({ name, hosts: 0, log: (line) => console.log(line) });
  const { loseHostOfFleet, loseSingleHost } = await import('./losses.ts');
  for (const { what, seconds } of [...(await loseSingleHost()), ...(await loseHostOfFleet())]) {
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${what}`);
  }
} finally {
  await down(name);
}
