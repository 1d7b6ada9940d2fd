/** `npm run -s faults -- [--seed N] [--count N]`: a campaign of faults; ends with 1 where a record is missing or there twice. */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1000' } },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('npm run -s faults -- [--seed N] [--count N]\n');
  process.exit(2);
}
try {
  const told = (number: number, fault: string): void => {
    process.stdout.write(`${String(number).padStart(5)} of ${count}  ${fault}\n`);
  };
  const { struck, kills, left_out, lines, connections, seconds } = await runCampaign({
    ...{ seed, count, told },
    keeps: true,
  });
  for (const [name, times] of Object.entries(struck).toSorted())
    process.stdout.write(`${String(times).padStart(5)} ${name}\n`);
  for (const name of left_out) process.stdout.write(`    - ${name}: left out, it needs root\n`);
  process.stdout.write(
    `Seed ${seed}: ${count} faults, ${kills} of them kills, in ${seconds} s; ${lines} lines and ${connections} connections are there once each.\n`,
  );
} catch (error) {
  process.stderr.write(`Seed ${seed}: ${(error as Error).message}\n`);
  process.exit(1);
}
