/** The connection to a MySQL server on another host: over TCP, by TLS, against a real MariaDB on loopback. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Finding } from '@apiary/model/finding.ts';
import { checkDatabases } from '../doctor.ts';
import { TestAuthority } from '../testing/certificates.ts';
import { needs_mariadb, TestMariadb } from '../testing/mariadb.ts';
import { MysqlClient, type MysqlConnection } from './mysql-client.ts';

const loopback = '127.0.0.1';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, loopback, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

describe('a MySQL server by TCP', { skip: needs_mariadb }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'apiary-mysql-tls-'));
  const password_file = join(folder, 'password');
  const [right_ca, wrong_ca] = [join(folder, 'right.pem'), join(folder, 'wrong.pem')];
  let with_tls: TestMariadb;
  let of_other: TestMariadb;
  let without: TestMariadb;
  let to_tls: MysqlConnection;
  let to_other: MysqlConnection;
  let to_plain: MysqlConnection;

  before(async () => {
    writeFileSync(password_file, 'secret\n', { mode: 0o600 });
    const authority = new TestAuthority(join(folder, 'authority'));
    writeFileSync(right_ca, authority.root);
    writeFileSync(wrong_ca, new TestAuthority(join(folder, 'other')).root);
    const keys = join(folder, 'keys');
    mkdirSync(keys);
    const certify = (name: string): string[] => {
      const { key, chain } = authority.issue(name, name);
      writeFileSync(join(keys, `${name}.key`), key, { mode: 0o600 });
      writeFileSync(join(keys, `${name}.pem`), chain);
      return [
        `ssl-cert=${join(keys, `${name}.pem`)}`,
        `ssl-key=${join(keys, `${name}.key`)}`,
        `ssl-ca=${right_ca}`,
        'require-secure-transport=ON',
      ];
    };
    const open = async (name: string, settings: string[]): Promise<[TestMariadb, MysqlConnection]> => {
      const port = await freePort();
      const mariadb = await TestMariadb.start(join(folder, name), [
        ...['skip-networking=0', `bind-address=${loopback}`, `port=${port}`],
        ...settings,
      ]);
      mariadb.run(
        `CREATE DATABASE kippo; CREATE USER reader@'${loopback}' IDENTIFIED BY 'secret'; GRANT SELECT ON kippo.* TO reader@'${loopback}';`,
      );
      return [mariadb, { host: 'localhost', port, user: 'reader', password_file, tls: true }];
    };
    [with_tls, to_tls] = await open('tls', certify('localhost'));
    [of_other, to_other] = await open('other-name', certify('db.example'));
    [without, to_plain] = await open('plain', []);
  });
  after(async () => {
    await with_tls?.stop();
    await of_other?.stop();
    await without?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read by TLS, its certificate checked by the named authority', async () => {
    const client = await MysqlClient.connect({ ...to_tls, ca_file: right_ca });
    const { rows } = await client.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    client.close();
    assert.match(rows[0]![1]!.bytes!.toString(), /TLS_|AES|CHACHA/);
  });

  it('is refused with the certificate of another authority, or for another name', async () => {
    await assert.rejects(MysqlClient.connect({ ...to_tls, ca_file: wrong_ca }), /certificate/i);
    await assert.rejects(MysqlClient.connect(to_tls), /certificate/i);
    await assert.rejects(MysqlClient.connect({ ...to_other, ca_file: right_ca }), /altnames/i);
  });

  it('is refused where it has no TLS, before the password is sent', async () => {
    await assert.rejects(MysqlClient.connect({ ...to_plain, ca_file: right_ca }), /secure|SSL|TLS/i);
    const client = await MysqlClient.connect({ ...to_plain, tls: false });
    client.close();
  });

  it('is looked at by the doctor', async () => {
    const look = (connection: MysqlConnection): Promise<Finding[]> =>
      checkDatabases([{ name: 'kippo-1', mysql: { connection } }]);
    assert.deepEqual(
      (await look({ ...to_tls, ca_file: right_ca })).map(({ verdict, told }) => [verdict, told]),
      [['ok', `kippo-1: the database at localhost:${to_tls.port} answers, and may only be read`]],
    );
    const [wrong] = await look({ ...to_tls, ca_file: wrong_ca });
    assert.equal(wrong?.verdict, 'fail');
    assert.match(wrong!.told, /^kippo-1: the database at localhost:\d+: .*certificate/i);
    assert.deepEqual(await checkDatabases([{ name: 'no-database' }]), []);
  });
});
