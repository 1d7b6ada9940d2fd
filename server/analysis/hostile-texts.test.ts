/** Rules look at an attacker's texts: none may take the square of a text's length. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackOf } from '../../tests/fuzz/words.ts';
import { listFacts } from './facts.ts';
import { matchFamilies } from './families.ts';
import { normalizeStatement, splitStatements } from './shell.ts';
import { listSignals } from './signals.ts';
import { judgeTechniques } from './techniques.ts';
import { judgeTool } from './tool.ts';

const length = 20_000;
/** Begins of patterns, again and again, behind words that lead into others. */
const units = [
  ...[
    ' ',
    '\t',
    'a',
    'A',
    '0',
    '1.',
    '-r',
    '\\',
    '\\x4',
    ';',
    "'",
    '"',
    'a:',
    ':a',
    '|',
    '-a ',
    '-a',
    '${',
    '(){',
  ],
  ...[
    'tftp -a ',
    'nc -',
    'nc ',
    'ecdsa-sha2-AAAA',
    'AAAA',
    'a+',
    'http://',
    'ftp://a@',
    'stratum+a',
    'x',
    'zip ',
  ],
  ...[
    'find ',
    '.onion ',
    'index.html ',
    'hacked by ',
    'pay ',
    '/bin.',
    ':xms ',
    'msdtc.',
    'NETGEAR',
    'tar x',
  ],
];
const leads = ['', 'echo ', 'echo -n ', 'tftp ', 'nc ', 'tar ', 'ls ', 'http://'];
const texts = leads.flatMap((lead) =>
  units.map((unit) => (lead + unit.repeat(length)).slice(0, length - 1).concat('!')),
);

/** Time on a processor: other work on the machine does not count. */
function measure(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

describe('texts of an attacker take little time', () => {
  // Each of these tries dozens of patterns on nine texts: a pattern alone may take a twentieth of it.
  const works: [string, (text: string) => unknown][] = [
    ['statements', (text) => splitStatements(text).map(normalizeStatement)],
    ['one statement', normalizeStatement],
    ['facts', (text) => listFacts(attackOf(text))],
    ['signals', (text) => listSignals(attackOf(text))],
    ['families', (text) => matchFamilies(attackOf(text))],
    ['techniques', (text) => judgeTechniques(attackOf(text))],
    ['tool', (text) => judgeTool(attackOf(text), [])],
  ];
  for (const [name, work] of works)
    it(`in ${name}`, () => {
      for (const text of texts) {
        const took_ms = measure(() => work(text));
        assert.ok(took_ms < 250, `${Math.round(took_ms)} ms for ${JSON.stringify(text.slice(0, 40))}`);
      }
    });
});
