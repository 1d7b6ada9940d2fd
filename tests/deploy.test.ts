/** What lies in deploy/: units, rules and dashboard against what the server gives; the collector's package as installed. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { afterInstall, packages } from '../scripts/package.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Names of figures as server/metrics.ts writes them; what it gives is read in tests/metrics.test.ts. */
const given = new Set(
  [...read('server/metrics.ts').matchAll(/(?:one\(\s*|name: )'([a-z_]+)'/g)].map(
    ([, name]) => `apiary_${name}`,
  ),
);
const used = (text: string): string[] => [...text.matchAll(/\bapiary_[a-z_]+/g)].map(([name]) => name);

test('alert rules and dashboard ask only for figures that there are', () => {
  assert(given.size >= 9 && given.has('apiary_engine_up') && given.has('apiary_sensors'));
  const rules = parse(read('deploy/prometheus/apiary.rules.yaml')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  const all = rules.groups.flatMap((group) => group.rules);
  assert(all.length >= 8);
  for (const { alert, expr, annotations } of all) {
    assert(annotations.summary.length > 10, alert);
    assert(used(expr).length > 0 || expr.startsWith('up{'), alert);
    for (const name of used(expr)) assert(given.has(name), `${alert}: ${name}`);
  }
  const dashboard = JSON.parse(read('deploy/grafana/apiary.json')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const asked = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => used(expr))));
  assert.deepEqual(
    [...asked].filter((name) => !given.has(name)),
    [],
  );
  // No figure is left out of both.
  assert.deepEqual(
    [...given].filter(
      (name) => !asked.has(name) && !read('deploy/prometheus/apiary.rules.yaml').includes(name),
    ),
    [],
  );
});

test('each unit is in one package, which makes its user and starts nothing that is not enabled', () => {
  const units = readdirSync(join(root, 'deploy/systemd')).sort();
  assert.deepEqual(
    packages
      .flatMap((one) => one.units)
      .map((name) => `${name}.service`)
      .sort(),
    units,
  );
  for (const one of packages)
    for (const name of one.units) {
      const script = afterInstall(one);
      assert.match(script, new RegExp(`for user in .*\\b${name}(;| )`));
      assert.doesNotMatch(script, /systemctl (enable|start|restart)/);
    }
});

test('units are understood by systemd and keep to their sandbox', (t) => {
  const has = spawnSync('systemd-analyze', ['--version']).status === 0;
  for (const unit of ['apiary.service', 'apiary-gateway.service', 'apiary-collector.service']) {
    const text = read(`deploy/systemd/${unit}`);
    for (const line of [
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'CapabilityBoundingSet=',
      'UMask=0077',
    ])
      assert(text.split('\n').includes(line), `${unit}: ${line}`);
    assert.match(text, new RegExp(`^User=${unit.replace('.service', '')}$`, 'm'));
    if (!has) continue;
    const path = join(root, 'deploy/systemd', unit);
    const { stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    const troubles = stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'));
    assert.deepEqual(
      troubles.filter((line) => line.includes(unit)),
      [],
    );
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', path], {
      encoding: 'utf8',
    });
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
    assert(exposure < 3, `${unit}: ${exposure}`);
  }
  if (!has) t.skip('there is no systemd-analyze');
});

describe("the collector's package", () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-package-test-'));
  const key = join(folder, 'key.pem');
  before(() => {
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key]);
    execFileSync(process.execPath, [
      join(root, 'scripts/package.ts'),
      '--only',
      'apiary-collector',
      '--out',
      join(folder, 'out'),
      '--key',
      key,
    ]);
  });
  after(() => rmSync(folder, { recursive: true }));

  test('is signed with the key that was named, and a changed one is found', () => {
    const out = join(folder, 'out');
    const open = join(folder, 'public.pem');
    execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', open]);
    const verify = (): number | null =>
      spawnSync('openssl', [
        'pkeyutl',
        '-verify',
        '-pubin',
        '-inkey',
        open,
        '-rawin',
        '-in',
        join(out, 'SHA256SUMS'),
        '-sigfile',
        join(out, 'SHA256SUMS.sig'),
      ]).status;
    assert.equal(verify(), 0);
    const check = () => spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out }).status;
    assert.equal(check(), 0);
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8');
    writeFileSync(
      join(out, 'SHA256SUMS'),
      sums.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    assert.notEqual(verify(), 0);
    assert.notEqual(check(), 0);
    writeFileSync(join(out, 'SHA256SUMS'), sums);
  });

  test('holds all that it needs: it runs by its own runtime, without any other Node', () => {
    const [deb] = execFileSync('sh', ['-c', 'ls out/*.deb'], { cwd: folder, encoding: 'utf8' }).split('\n');
    execFileSync('dpkg-deb', ['-x', deb!, 'tree'], { cwd: folder });
    const home = join(folder, 'tree/usr/lib/apiary-collector');
    const told = execFileSync(join(home, 'node'), [join(home, 'apiary-collector.mjs'), '--version'], {
      env: { PATH: '/nowhere' },
      cwd: '/',
      encoding: 'utf8',
    });
    assert.match(told, /^\d+\.\d+\.\d+\n$/);
    assert.match(
      readFileSync(join(home, 'apiary-collector'), 'utf8'),
      /exec \/usr\/lib\/apiary-collector\/node --optimize-for-size/,
    );
    assert.equal(statSync(join(home, 'apiary-collector')).mode & 0o777, 0o755);
    const control = execFileSync('dpkg-deb', ['-f', deb!, 'Package', 'Depends'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(control, 'Package: apiary-collector\nDepends: libc6 (>= 2.28), libstdc++6, passwd\n');
    const paths = execFileSync('dpkg-deb', ['-c', deb!], { cwd: folder, encoding: 'utf8' });
    assert.match(paths, / \.\/usr\/share\/doc\/apiary-collector\/copyright$/m);
    // What dpkg of Debian 10 and 11 can read.
    assert.match(
      readFileSync(join(folder, deb!)).toString('latin1'),
      /^!<arch>\ndebian-binary .{0,100}control\.tar\.gz .*data\.tar\.gz /s,
    );
    assert.match(paths, /root\/root .* \.\/usr\/lib\/systemd\/system\/apiary-collector\.service/);
  });
});
