/** `npm run -s bench -- NAME [--json] …`: runs one benchmark and prints its figures. */
import { parseArgs } from 'node:util';

const benchmarks: Record<
  string,
  () => Promise<{ run: (values: Record<string, string | boolean | undefined>) => Promise<unknown> }>
> = {
  ingest: () => import('./ingest.ts'),
  query: () => import('./query.ts'),
  analysis: () => import('./analysis.ts'),
  fleet: () => import('./fleet.ts'),
  binlog: () => import('./binlog.ts'),
  retention: () => import('./retention.ts'),
  soak: () => import('./soak.ts'),
  derive: () => import('./derive.ts'),
  taxonomy: () => import('./taxonomy/taxonomy.ts'),
};

const [name = '', ...rest] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  process.stderr.write(`There is no benchmark "${name}"; known are: ${Object.keys(benchmarks).join(', ')}\n`);
  process.exit(2);
}
const { values } = parseArgs({
  args: rest,
  options: {
    json: { type: 'boolean' },
    lines: { type: 'string' },
    rounds: { type: 'string' },
    events: { type: 'string' },
    seconds: { type: 'string' },
    minutes: { type: 'string' },
    collectors: { type: 'string' },
    data: { type: 'string' },
    gigabytes: { type: 'string' },
    budget: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const { run } = await benchmark();
const figures = await run(values);
process.stdout.write(
  values.json === true ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, null, 2)}\n`,
);
process.exit(0);
