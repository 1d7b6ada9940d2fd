/** The house: who may import whom, no dead files, no names that say nothing, nothing of other people's recordings. */
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => /\.(ts|tsx)$/.test(path));
const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || path.startsWith('tests/') || /\/testing\//.test(path);

/** Paths, relative to the root, that a file imports from this repository. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'";]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'|new URL\('(\.[^']+\.tsx?)'/g,
    ),
  ];
  return found.flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    if (name.startsWith('.')) return [relative(root, resolve(root, dirname(path), name))];
    if (name.startsWith('@apiary/')) return [name.slice('@apiary/'.length)];
    return [];
  });
}

/** For each place, what it may import from; the first that fits a path counts. */
const rules: { place: RegExp; may: RegExp[] }[] = [
  { place: /^model\//, may: [/^model\//] },
  { place: /^submodules\//, may: [/^submodules\//, /^model\//] },
  { place: /^collector\//, may: [/^collector\//, /^model\/(?!api)/, /^submodules\/streams\.ts$/] },
  { place: /^web\//, may: [/^web\//, /^model\//] },
  { place: /^server\/store\//, may: [/^server\/store\//, /^model\//] },
  { place: /^server\/pki\//, may: [/^server\/pki\//, /^model\//] },
  { place: /^server\/state\//, may: [/^server\/state\//, /^model\//] },
  { place: /^server\/artifacts\//, may: [/^server\/(artifacts|state)\//, /^model\//] },
  { place: /^server\/gateway\//, may: [/^server\/(gateway|artifacts|pki|state)\//, /^model\//] },
  {
    place: /^server\/edge\//,
    may: [
      /^server\/(edge|gateway|pki)\//,
      /^collector\/(enrol|exchange|identity|lock|renew)\.ts$/,
      /^model\//,
    ],
  },
  { place: /^server\/loader\//, may: [/^server\/(loader|gateway|store)\//, /^model\//] },
  { place: /^server\/reports\//, may: [/^server\/(reports|store|state)\//, /^model\//] },
  { place: /^server\/analysis\//, may: [/^server\/(analysis|store|state)\//, /^model\//] },
  {
    place: /^server\/retention\//,
    may: [/^server\/(retention|reports|artifacts|store|state)\//, /^model\//],
  },
  {
    place: /^server\/evidence\//,
    may: [/^server\/(evidence|retention|reports|pki|store|state)\//, /^model\//],
  },
  { place: /^server\/derivation\//, may: [/^server\/(derivation|retention|store|state)\//, /^model\//] },
  { place: /^server\/exports\//, may: [/^server\/(exports|reports|state)\//, /^model\//] },
  { place: /^server\/alerts\//, may: [/^server\/(alerts|reports|state)\//, /^model\//] },
  { place: /^server\/api\//, may: [/^server\/(api|alerts|reports|exports|analysis|state)\//, /^model\//] },
  { place: /^server\/import\//, may: [/^server\//, /^model\//] },
  {
    place: /^server\/gateway-command\.ts$/,
    may: [/^server\/[^/]+$/, /^server\/edge\//, /^collector\/enrol\.ts$/, /^model\//],
  },
  { place: /^server\//, may: [/^server\//, /^model\//, /^submodules\/(index|report)\.ts$/] },
  { place: /^demo\//, may: [/^demo\//, /^server\//, /^collector\//, /^model\//, /^submodules\//] },
  { place: /^(bench|scripts)\//, may: [/./] },
];

test('every import stays within what its place may use', () => {
  const wrong: string[] = [];
  for (const path of sources.filter((candidate) => !isTest(candidate))) {
    const rule = rules.find(({ place }) => place.test(path));
    if (rule === undefined) continue;
    for (const target of importsOf(path)) {
      if (!rule.may.some((allowed) => allowed.test(target))) wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepStrictEqual(wrong, []);
});

test('the rules catch what they are made for', () => {
  const api = rules.find(({ place }) => place.test('server/api/app.ts'));
  assert.ok(api !== undefined && !api.may.some((allowed) => allowed.test('server/store/store.ts')));
  const collector = rules.find(({ place }) => place.test('collector/main.ts'));
  assert.ok(collector !== undefined && !collector.may.some((allowed) => allowed.test('submodules/index.ts')));
});

test('no file has a name that says nothing', () => {
  const empty = tracked.filter((path) =>
    /(^|\/)(utils?|helpers?|common|types|misc|lib|shared)\.[a-z]+$/.test(path),
  );
  assert.deepStrictEqual(empty, []);
});

/** Files that are started, not imported. */
const entries = [
  /^(server|collector|demo|bench)\/main\.ts$/,
  /^server\/(store\/engine|analysis\/analysis)-process\.ts$/,
  /^collector\/build\.ts$/,
  /^web\/(main\.tsx|vite\.config\.ts)$/,
  /^tests\/(run|check|end-in-time|screenshots|faults\/(main|shifted-clock)|fuzz\/(main|worker)|releases\/main)\.ts$/,
  /^scripts\//,
  /^bench\/bare-engine\.ts$/,
  /^submodules\/_template\//,
  /\.test\.tsx?$/,
];

test('every source file is used', () => {
  const used = new Set(sources.flatMap((path) => importsOf(path)));
  const dead = sources.filter((path) => !used.has(path) && !entries.some((entry) => entry.test(path)));
  assert.deepStrictEqual(dead, []);
});

test('nothing speaks of the machines on which it was made', () => {
  // Put together here, so that this file does not match itself.
  const places = new RegExp(
    [
      '/wo' + 'rk/(main|shared|\\.library)',
      '/tm' + 'p/(spike|team)',
      'registry\\.npmjs\\.org',
      '/ro' + 'ot/',
    ].join('|'),
  );
  // Samples hold paths of attacked machines, and the page that is made from them does.
  const wrong = tracked
    .filter(
      (path) =>
        !/\.(gz|png|sqlite|ico|woff2?)$|\/samples\/|^docs\/reference\/events\.md$/.test(path) &&
        path !== 'tests/tidy.test.ts',
    )
    .filter((path) => places.test(readFileSync(join(root, path), 'utf8')));
  assert.deepStrictEqual(wrong, []);
});

test('the README, the licence and the change log are there', () => {
  for (const path of ['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/decisions/paper.md']) {
    assert.ok(existsSync(join(root, path)), `${path} is missing`);
  }
});
