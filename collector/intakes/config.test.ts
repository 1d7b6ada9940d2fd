import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../config.ts';
import { test_streams } from '../testing/rig.ts';

const sensors = 'sensors: [ { name: fw, type: cowrie }, { name: db, type: dionaea, paths: { sqlite: /d } } ]';
const fed = 'senders: [ { from: 198.51.100.7, sensor: fw } ]';
const parse = (yaml: string) => parseConfig(yaml, test_streams);
const told = (yaml: string): string[] =>
  parse(yaml).mistakes.map(({ line, message, remedy }) => `${line} ${message} | ${remedy}`);

describe('configuration of intakes', () => {
  it('is read, with loopback and the usual ports where nothing is said', () => {
    const { config, mistakes } = parse(`${sensors}
intakes:
  - { kind: syslog, ${fed} }
  - kind: hpfeeds
    listen: "[::1]:20000"
    secrets: /etc/secrets
    allow: [ 203.0.113.0/24 ]
    channels: [ { ident: hp1, channel: c, sensor: fw, record: message } ]
`);
    assert.deepEqual(mistakes, []);
    const route = { sensor: 'fw', stream: 'json' };
    assert.deepEqual(config.intakes, [
      {
        ...{ kind: 'syslog', host: '127.0.0.1', port: 5514, transport: 'udp', strips_header: false },
        senders: [{ network: { address: '198.51.100.7', prefix: 32 }, value: route }],
      },
      {
        ...{ kind: 'hpfeeds', host: '::1', port: 20_000, secrets: '/etc/secrets' },
        allow: [{ address: '203.0.113.0', prefix: 24 }],
        channels: [{ ident: 'hp1', channel: 'c', route, wraps: true }],
      },
    ]);
  });

  const cases: [string, RegExp][] = [
    ['intakes: []', /intakes is a list \| Write a list below/],
    [`intakes: [ { ${fed} } ]`, /an intake without kind/],
    [`intakes: [ { kind: sylog, ${fed} } ]`, /kind is "sylog" \| Write one of syslog, hpfeeds, sebek/],
    [`intakes: [ { kind: syslog, listen: "localhost:514", ${fed} } ]`, /listen is "localhost:514"/],
    [`intakes: [ { kind: syslog, listen: "127.0.0.1:99999", ${fed} } ]`, /listen is/],
    [`intakes: [ { kind: syslog, secrets: /s, ${fed} } ]`, /secrets has no meaning for syslog/],
    [`intakes: [ { kind: syslog, transport: tls, ${fed} } ]`, /certificate is no absolute path/],
    [
      'intakes: [ { kind: syslog, senders: [ { from: 10.0.0.0/99, sensor: fw } ] } ]',
      /from is "10.0.0.0\/99"/,
    ],
    [
      'intakes: [ { kind: syslog, senders: [ { from: 10.0.0.1, sensor: no } ] } ]',
      /no sensor "no" \| Known: fw, db/,
    ],
    [
      'intakes: [ { kind: syslog, senders: [ { from: 10.0.0.1, sensor: db } ] } ]',
      /none that this intake can feed/,
    ],
    [
      'intakes: [ { kind: syslog, senders: [ { from: 10.0.0.1, sensor: fw, stream: xml } ] } ]',
      /no stream "xml" for this intake \| Known: json/,
    ],
    [
      'intakes: [ { kind: syslog, senders: [ { from: 10.0.0.1, sensor: fw }, { from: 10.0.0.1, sensor: fw } ] } ]',
      /10.0.0.1\/32 is there twice/,
    ],
    [
      'intakes: [ { kind: hpfeeds, channels: [ { ident: a, channel: b, sensor: fw } ] } ]',
      /secrets is no absolute path/,
    ],
    [
      'intakes: [ { kind: hpfeeds, secrets: /s, channels: [ { ident: a, sensor: fw } ] } ]',
      /a channel without ident and channel of its own/,
    ],
  ];
  for (const [intakes, expected] of cases)
    it(`tells ${expected.source.slice(0, 50)}`, () => {
      assert.match(told(`${sensors}\n${intakes}`).join('\n'), expected);
    });

  it('lets a sensor be without paths only where an intake feeds it', () => {
    assert.match(told('sensors: [ { name: fw, type: cowrie } ]').join(), /a sensor without paths/);
    assert.deepEqual(
      told(`sensors: [ { name: fw, type: cowrie } ]\nintakes: [ { kind: syslog, ${fed} } ]`),
      [],
    );
  });
});
