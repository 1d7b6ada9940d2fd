/**
 * The Debian packages of server and collector, each with its runtime, so that they install without internet:
 * `npm run package -- [--out DIR] [--key KEY.pem]`. With a key (Ed25519, PEM) SHA256SUMS is signed.
 */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCollector, start_environment, start_options } from '@apiary/collector/build.ts';
import { version } from '@apiary/server/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the package managers call this machine. */
const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
/** What a gateway of its own takes from the collector: who it is, and how it asks. */
const collector_parts = 'ask-gateway der enrol exchange identity lock renew tunnel write-durably'
  .split(' ')
  .map((name) => `collector/${name}.ts`);
const not_shipped = /(^|\/)(testing|node_modules|samples)(\/|$)|\.test\.tsx?$/;

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The folder of a package, as the runtime finds it from another folder. */
function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Folders of all packages that a folder's manifest leads to, our own workspaces left out. */
function listPackages(from: string, found = new Set<string>()): Set<string> {
  const { dependencies = {}, optionalDependencies = {} } = readManifest(from);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (name.startsWith('@apiary/')) {
      listPackages(realpathSync(join(root, 'node_modules', name)), found);
      continue;
    }
    const folder = findPackage(name, from);
    // Optional ones of other systems are not installed.
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    listPackages(folder, found);
  }
  return found;
}

function copyServer(to: string): void {
  for (const folder of ['server', 'model', 'submodules'])
    cpSync(join(root, folder), join(to, folder), {
      recursive: true,
      filter: (path) => !not_shipped.test(path.slice(root.length)),
    });
  for (const path of [...collector_parts, 'collector/package.json']) cpSync(join(root, path), join(to, path));
  cpSync(join(root, 'web/dist'), join(to, 'web/dist'), { recursive: true });
  writeFileSync(join(to, 'package.json'), '{ "type": "module", "private": true }\n');
  for (const folder of listPackages(join(root, 'server')))
    cpSync(folder, join(to, folder.slice(root.length)), {
      recursive: true,
      filter: (path) => path === folder || !path.slice(folder.length).startsWith('/node_modules'),
    });
  mkdirSync(join(to, 'node_modules/@apiary'), { recursive: true });
  for (const name of ['server', 'collector', 'model', 'submodules'])
    symlinkSync(`../../${name}`, join(to, 'node_modules/@apiary', name));
}

function copyRuntime(to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(process.execPath), to);
  chmodSync(to, 0o755);
}

/** One command that finds its own runtime. */
function writeStart(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${line} "$@"\n`);
  chmodSync(path, 0o755);
}

/** What the server's unit reads, and every order with it: doctors and backups mean the same settings. */
const settings_path = '/etc/apiary/apiary.yaml';

interface Package {
  name: string;
  description: string;
  /** Units of systemd; each has a user and a directory below /var/lib of its own name. */
  units: readonly string[];
  fill: (tree: string) => Promise<void>;
}

export const packages: readonly Package[] = [
  {
    name: 'apiary',
    description: 'Apiary server: collects what honeypots record, and groups it into incidents',
    units: ['apiary', 'apiary-gateway'],
    fill: async (tree) => {
      const home = join(tree, 'usr/lib/apiary');
      copyServer(home);
      // What `apiary import` starts.
      await buildCollector(join(home, 'collector/dist/apiary-collector.mjs'));
      copyRuntime(join(home, 'bin/node'));
      writeStart(
        join(tree, 'usr/bin/apiary'),
        `: "\${APIARY_DATA:=/var/lib/apiary}"; export APIARY_DATA
if [ -e ${settings_path} ]; then : "\${APIARY_CONFIG:=${settings_path}}"; export APIARY_CONFIG; fi
exec /usr/lib/apiary/bin/node /usr/lib/apiary/server/main.ts`,
      );
      mkdirSync(join(tree, 'etc/apiary'), { recursive: true });
      writeFileSync(
        join(tree, settings_path),
        '# Settings: /usr/share/doc/apiary/reference/settings.md\nweb: { listen: "127.0.0.1:8080" }\n',
      );
      cpSync(join(root, 'docs'), join(tree, 'usr/share/doc/apiary'), {
        recursive: true,
        filter: (path) => !path.includes('/docs/pictures'),
      });
    },
  },
  {
    name: 'apiary-collector',
    description: 'Apiary collector: brings what a honeypot records to the server',
    units: ['apiary-collector'],
    fill: async (tree) => {
      const home = join(tree, 'usr/lib/apiary-collector');
      copyRuntime(join(home, 'node'));
      await buildCollector(join(home, 'apiary-collector.mjs'));
      const environment = Object.entries(start_environment).map(([name, value]) => `${name}=${value}`);
      writeStart(
        join(home, 'apiary-collector'),
        `${environment.join(' ')} exec /usr/lib/apiary-collector/node ${start_options.join(' ')} /usr/lib/apiary-collector/apiary-collector.mjs`,
      );
      mkdirSync(join(tree, 'usr/bin'), { recursive: true });
      symlinkSync('../lib/apiary-collector/apiary-collector', join(tree, 'usr/bin/apiary-collector'));
      const terminal_audit = join(tree, 'usr/bin/apiary-terminal-audit');
      copyFileSync(join(root, 'deploy/apiary-terminal-audit'), terminal_audit);
      chmodSync(terminal_audit, 0o755);
    },
  },
];

/**
 * Runs when it is installed: makes the users. Nothing is started, because nothing is configured yet. The settings may hold
 * secrets, so at first they are for the server's user alone.
 */
export const afterInstall = ({ units }: Package): string => `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  for user in ${units.join(' ')}; do
    getent passwd "$user" >/dev/null || useradd --system --user-group --home-dir "/var/lib/$user" --shell /usr/sbin/nologin "$user"
    install -d -o "$user" -g "$user" -m 0700 "/var/lib/$user"
  done
  if [ -z "$2" ] && [ -e ${settings_path} ] && [ ${units[0]} = apiary ]; then
    chgrp apiary ${settings_path}
    chmod 0640 ${settings_path}
  fi
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl try-restart ${listUnits(units)}
  fi
fi
`;

const listUnits = (units: readonly string[]): string => units.map((unit) => `${unit}.service`).join(' ');

/** Data stay, also when it is purged: they are evidence. */
const beforeRemoval = ({ units }: Package): string => `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now ${listUnits(units)} || true; fi
`;

async function makePackage(one: Package, out: string): Promise<string> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`there is no package for ${process.arch}`);
  const tree = mkdtempSync(join(tmpdir(), 'apiary-package-'));
  try {
    chmodSync(tree, 0o755);
    await one.fill(tree);
    mkdirSync(join(tree, 'usr/lib/systemd/system'), { recursive: true });
    for (const unit of one.units.map((name) => `${name}.service`))
      cpSync(join(root, 'deploy/systemd', unit), join(tree, 'usr/lib/systemd/system', unit));
    mkdirSync(join(tree, 'usr/share/doc', one.name), { recursive: true });
    cpSync(join(root, 'LICENSE'), join(tree, 'usr/share/doc', one.name, 'copyright'));
    const control = join(tree, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(
      join(control, 'control'),
      `Package: ${one.name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: Apiary\nDepends: libc6 (>= 2.28), libstdc++6, passwd\nSection: net\nPriority: optional\nDescription: ${one.description}\n`,
    );
    if (existsSync(join(tree, settings_path)))
      writeFileSync(join(control, 'conffiles'), `${settings_path}\n`);
    for (const [name, text] of [
      ['postinst', afterInstall(one)],
      ['prerm', beforeRemoval(one)],
    ] as const) {
      writeFileSync(join(control, name), text);
      chmodSync(join(control, name), 0o755);
    }
    mkdirSync(out, { recursive: true });
    const path = join(out, `${one.name}_${version}_${architecture}.deb`);
    // Not zstd: dpkg of Debian 10 and 11, which have the runtime's libraries, cannot read it.
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', tree, path]);
    return path;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** SHA256SUMS over the packages of a folder; signed, where there is a key. */
function writeSums(out: string, key_path: string | undefined): void {
  const names = readdirSync(out)
    .filter((name) => name.endsWith('.deb'))
    .sort();
  const text = names
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
  writeFileSync(join(out, 'SHA256SUMS'), text);
  rmSync(join(out, 'SHA256SUMS.sig'), { force: true });
  if (key_path === undefined) return;
  const key = createPrivateKey(readFileSync(key_path));
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${key_path} is no Ed25519 key: openssl genpkey -algorithm ed25519 -out ${key_path}`);
  writeFileSync(join(out, 'SHA256SUMS.sig'), sign(null, Buffer.from(text), key));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, key: { type: 'string' }, only: { type: 'string' } },
  });
  const out = resolve(values.out ?? join(root, 'dist'));
  const chosen = packages.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    process.stderr.write(
      `--only ${values.only}: it can be ${packages.map(({ name }) => name).join(' or ')}\n`,
    );
    process.exit(2);
  }
  for (const one of chosen) process.stdout.write(`${await makePackage(one, out)}\n`);
  writeSums(out, values.key);
  process.stdout.write(
    `${join(out, 'SHA256SUMS')}${values.key === undefined ? ' (not signed: name a key with --key)' : ''}\n`,
  );
}
