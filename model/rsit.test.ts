/** The classes of RSIT, by its own definitions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './rsit.ts';

const nothing = {
  ...{ stage: 'probed' as const, tool: 'unknown', service: 'ssh', cve: '', actions: {} },
  ...{ results: [], files: [], urls: [] },
};
type Shown = Partial<Parameters<typeof classify>[0]>;

/** https://github.com/enisaeu/Reference-Security-Incident-Taxonomy-Task-Force, working copy, version 1003. */
const shown: readonly [attack: Shown, types: string[]][] = [
  [{}, ['scanner']],
  [{ stage: 'tried to get in', actions: { authenticate: 3 } }, ['brute-force']],
  [{ stage: 'tried to get in', cve: 'CVE-2021-44228' }, ['ids-alert']],
  [{ stage: 'tried to get in' }, ['exploit']],
  [{ stage: 'got in', actions: { authenticate: 1 } }, ['brute-force', 'system-compromise']],
  [
    { stage: 'brought a tool', urls: ['http://198.51.100.9/x'] },
    ['system-compromise', 'malware-distribution'],
  ],
  [
    { stage: 'acted', results: ['denial of service', 'theft of resources', 'disclosure of information'] },
    ['system-compromise', 'dos', 'unauthorised-information-access', 'unauthorised-use-of-resources'],
  ],
  [
    { stage: 'acted', results: ['corruption of information'], tool: 'information exchange', service: 'smtp' },
    ['system-compromise', 'unauthorised-information-modification', 'spam'],
  ],
];

test('attacks have the classes of RSIT that their stage, deeds and results show', () => {
  for (const [attack, types] of shown)
    assert.deepEqual(
      classify({ ...nothing, ...attack }).map(({ type }) => type),
      types,
    );
});
