/** A T-Pot's whole data directory in one command: what comes from which honeypot, counted without our code. */
import assert from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Imported } from '@apiary/server/import/import.ts';
import { streams as dionaea } from '@apiary/submodules/dionaea/streams.ts';
import { missing, readPlain, recordings } from '../recording.ts';
import { ServerProcess } from '../rig/server-process.ts';

const server_main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const directory = join(recordings, 'wild/tpot-2022');

/** The logs of each honeypot that are read, by T-Pot's own names; what it rotates has a number or a date behind. */
const logs: Record<string, RegExp> = {
  adbhoney: /^log\/adbhoney\.json/,
  ciscoasa: /^log\/ciscoasa\.log/,
  citrixhoneypot: /^logs\/server\.log/,
  conpot: /^log\/conpot_\w+\.json/,
  cowrie: /^log\/cowrie\.json/,
  ddospot: /^log\/(chargen|dns|generic|nt|ssd)pot\.log/,
  dicompot: /^log\/dicompot\.log/,
  elasticpot: /^log\/elasticpot\.json/,
  fatt: /^log\/fatt\.log/,
  heralding: /^log\/log_session\.json/,
  honeytrap: /^log\/attackers\.json/,
  ipphoney: /^log\/ipphoney\.json/,
  mailoney: /^log\/(commands|mail)\.log/,
  medpot: /^log\/medpot\.log/,
  p0f: /^log\/p0f\.json/,
  redishoneypot: /^log\/redishoneypot\.log/,
  sentrypeer: /^log\/sentrypeer\.json/,
  tanner: /^log\/tanner_report\.json/,
};

interface Counted {
  read: number;
  /** Without those that stand at the same place of another file with the same first line: docs/decisions/generations.md. */
  fresh: number;
}

function countLines(honeypot: string, pattern: RegExp): Counted {
  const folder = join(directory, honeypot);
  const places = new Set<string>();
  let read = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    pattern.test(one),
  )) {
    const text = readPlain(join(folder, name.toString())).toString('latin1');
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    let offset = 0;
    for (const line of lines) {
      places.add(
        createHash('sha256')
          .update(`${lines[0]}\n${offset}\n${line}`, 'latin1')
          .digest('base64')
          .slice(0, 20),
      );
      offset += line.length + 1;
    }
    read += lines.length;
  }
  return { read, fresh: places.size };
}

/** Rows of the tables that are read, of every database that holds a connection. */
function countDionaea(): Counted {
  const tables = dionaea.sources.flatMap((source) =>
    source.kind === 'sqlite' ? source.tables.map(({ table }) => table) : [],
  );
  const work = mkdtempSync(join(tmpdir(), 'apiary-tpot-'));
  let read = 0;
  try {
    for (const name of readdirSync(join(directory, 'dionaea/log')).filter((one) =>
      /^dionaea\.sqlite/.test(one),
    )) {
      const path = join(work, 'one.sqlite');
      writeFileSync(path, readPlain(join(directory, 'dionaea/log', name)));
      const database = new DatabaseSync(path, { readOnly: true });
      const count = (table: string): number =>
        Number(database.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n);
      const there = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map((row) => String(row.name));
      if (count('connections') > 0)
        read += tables.filter((table) => there.includes(table)).reduce((sum, table) => sum + count(table), 0);
      database.close();
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  return { read, fresh: read };
}

/** Terminal recordings: files, and those that T-Pot put into archives. The same file under the same name is one. */
function countRecordings(): Counted {
  const folder = join(directory, 'cowrie/log');
  const found = readdirSync(join(folder, 'tty')).map(
    (name) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(folder, 'tty', name)))
        .digest('hex')}`,
  );
  for (const name of readdirSync(folder).filter((one) => one.startsWith('ttylogs.tgz'))) {
    const work = mkdtempSync(join(tmpdir(), 'apiary-tpot-'));
    execFileSync('tar', ['-xzf', join(folder, name), '-C', work, '--no-same-permissions']);
    const listed = spawnSync('find', [work, '-type', 'f', '-exec', 'sha256sum', '{}', '+']).stdout.toString();
    for (const line of listed.split('\n').filter((one) => one !== ''))
      found.push(`${line.slice(line.lastIndexOf('/') + 1)} ${line.slice(0, 64)}`);
    rmSync(work, { recursive: true });
  }
  return { read: found.length, fresh: new Set(found).size };
}

test('a T-Pot of 2022: every honeypot has a sensor, and every record came', {
  timeout: 580_000,
  skip: missing('wild/tpot-2022'),
}, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'apiary-tpot-'));
  const server = await ServerProcess.start(join(root, 'server'));
  t.after(async () => {
    await server.kill();
    rmSync(root, { recursive: true });
  });
  await server.haltAnalysis();
  const args = [server_main, 'import', '--data', server.directory, '--tpot', directory, '--json'];
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1024 ** 3 });
  assert.equal(ended.status, 0, ended.stderr);
  const { files } = JSON.parse(ended.stdout) as Imported;

  const expected: Record<string, Counted> = { dionaea: countDionaea() };
  for (const [honeypot, pattern] of Object.entries(logs)) expected[honeypot] = countLines(honeypot, pattern);
  const recorded = countRecordings();
  expected.cowrie!.read += recorded.read;
  expected.cowrie!.fresh += recorded.fresh;
  const got: Record<string, Counted> = {};
  for (const { sensor, type, read, fresh } of files) {
    assert.equal(sensor, `tpot-${type}`);
    got[type] ??= { read: 0, fresh: 0 };
    got[type].read += read;
    got[type].fresh += fresh;
  }
  assert.deepEqual(got, expected);
  assert.ok(files.every(({ rejected }) => rejected === 0));

  // The table of the guide says the same.
  const page = readFileSync(new URL('../../docs/guide/import.md', import.meta.url), 'utf8');
  for (const [honeypot, { read }] of Object.entries(expected))
    assert.match(
      page,
      new RegExp(`^\\| ${honeypot} \\|.*\\| ${read.toLocaleString('en')} \\|`, 'm'),
      honeypot,
    );
  const { sensors } = await server.get<{ sensors: { name: string }[] }>('/sensors');
  assert.deepEqual(
    sensors.map(({ name }) => name).sort(),
    Object.keys(expected)
      .map((one) => `tpot-${one}`)
      .sort(),
  );
});
