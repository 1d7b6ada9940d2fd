/** A short campaign of faults; `npm run faults` runs long ones. */
import assert from 'node:assert';
import { test } from 'node:test';
import { runCampaign } from './campaign.ts';
import { faults } from './faults.ts';

const seed = Number(process.env.APIARY_SEED ?? 20261126);
const count = 50;

test(`every record is there exactly once after ${count} faults (seed ${seed})`, {
  timeout: 415_000,
}, async (t) => {
  const { struck, kills, left_out, lines, connections, seconds } = await runCampaign({ seed, count });
  t.diagnostic(
    `${lines} lines, ${connections} connections, ${kills} kills, ${seconds} s: ${JSON.stringify(struck)}`,
  );
  assert.ok(kills >= 20, `only ${kills} of the faults were kills`);
  assert.deepStrictEqual(
    Object.keys(struck).toSorted(),
    faults
      .map(({ name }) => name)
      .filter((name) => !left_out.includes(name))
      .toSorted(),
  );
});

test('faults that need a disk of their own', {
  skip: process.getuid?.() === 0 ? false : 'needs root, to mount a small disk',
}, () => {
  assert.ok(faults.some(({ needs_disks }) => needs_disks === true));
});
