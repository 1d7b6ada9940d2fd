import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { streams } from '@apiary/submodules/streams.ts';
import { parseConfig } from './config.ts';
import { parseSize, showSize } from './config-values.ts';
import { test_streams } from './testing/rig.ts';

/** Mistakes as `line:column message | remedy`. */
const mistakesOf = (text: string): string[] =>
  parseConfig(text, test_streams).mistakes.map(
    ({ line, column, message, remedy }) => `${line}:${column} ${message} | ${remedy}`,
  );

const good = `sensors:
  - name: ssh-1
    type: cowrie
    time_zone: Europe/Bratislava
    paths: { json: [/var/log/a.json, /var/log/b-*.json] }
    watch: { process: cowrie, port: 2222 }
  - name: smb-1
    type: dionaea
    paths: { sqlite: /var/dionaea.sqlite }
    spool_bytes_max: 16MiB
spool: { bytes_max: 64MiB, keep_acknowledged_hours: 24 }
limits: { line_bytes_max: 128KiB, batch_bytes_max: 4MiB, linger_ms: 100 }
`;

describe('configuration', () => {
  it('reads all that it knows', () => {
    const { config, mistakes } = parseConfig(good, test_streams);
    assert.deepEqual(mistakes, []);
    assert.deepEqual(config, {
      sensors: [
        {
          ...{ name: 'ssh-1', type: 'cowrie', time_zone: 'Europe/Bratislava' },
          paths: { json: ['/var/log/a.json', '/var/log/b-*.json'] },
          watch: { process: 'cowrie', port: 2222 },
        },
        {
          ...{ name: 'smb-1', type: 'dionaea', paths: { sqlite: ['/var/dionaea.sqlite'] } },
          share_bytes: 16 * 1024 * 1024,
        },
      ],
      spool: { bytes_max: 64 * 1024 * 1024, keep_acknowledged_hours: 24 },
      limits: {
        ...{ line_bytes_max: 128 * 1024, batch_bytes_max: 4 * 1024 * 1024 },
        ...{ records_max: 20_000, linger_ms: 100 },
      },
      intakes: [],
      artifacts: { bytes_max: 16 * 1024 ** 2, spool_bytes_max: 256 * 1024 ** 2, takes_hard_links: false },
    });
  });

  it('keeps lines raw of a type that it does not know, and reads one that it knows as its submodule says', () => {
    const of = (type: string) =>
      parseConfig(
        `sensors:\n  - { name: a, type: ${type}, keep_raw: true, paths: { json: /a.json } }\n`,
        streams,
      );
    const { config, mistakes } = of('beekeeper');
    assert.deepEqual(mistakes, []);
    assert.deepEqual(config.sensors[0]!.raw?.sources, [{ kind: 'lines', stream: 'json', usual_paths: [] }]);
    assert.deepEqual([of('cowrie').mistakes, of('cowrie').config.sensors[0]!.raw], [[], undefined]);
  });

  const capturing = (capture: string, artifacts = ''): ReturnType<typeof parseConfig> =>
    parseConfig(
      `sensors:\n  - { name: net, type: host_network, container: { name: web01, capture: ${capture} } }\n${artifacts}`,
      streams,
    );

  it('captures traffic only where that is asked for, with usual limits or others', () => {
    const captureOf = (text: string): unknown => {
      const { config, mistakes } = capturing(text);
      assert.deepEqual(mistakes, []);
      return config.sensors[0]?.container?.capture;
    };
    const mib = 1024 ** 2;
    const usual = { file_bytes_max: 8 * mib, files_max: 8, hour_bytes_max: 256 * mib };
    assert.equal(captureOf('false'), undefined);
    assert.deepEqual(captureOf('true'), usual);
    assert.deepEqual(captureOf('{ files_max: 20, file_seconds_max: 60, filter: not port 22 }'), {
      ...{ ...usual, files_max: 20, file_seconds_max: 60, filter: 'not port 22' },
    });
  });

  it('tells what is wrong about captures', () => {
    const told = (capture: string, artifacts?: string): string =>
      capturing(capture, artifacts)
        .mistakes.map(({ message, remedy }) => `${message} | ${remedy}`)
        .join();
    assert.match(
      told('{ file_byte_max: 1MiB }'),
      /unknown key "file_byte_max" in capture \| Did you mean file_bytes_max\?/,
    );
    assert.match(
      told('{ files_max: 1 }'),
      /files_max is 1, out of bounds \| Write a whole number between 4 and/,
    );
    assert.match(told('often'), /capture is "often"/);
    assert.match(
      told('true', 'artifacts: { bytes_max: 1MiB }'),
      /captures of net of 8388608 bytes are longer than artifacts.bytes_max \| Raise artifacts.bytes_max or lower/,
    );
    const elsewhere = 'sensors:\n  - { name: f, type: host_files, container: { name: w, capture: true } }\n';
    assert.match(
      String(parseConfig(elsewhere, streams).mistakes[0]?.message),
      /unknown key "capture" in container/,
    );
  });

  const cases: [string, string, string, RegExp][] = [
    [
      'an unknown key',
      'linger_ms',
      'linger_mss',
      /^12:\d+ unknown key "linger_mss" in limits \| Did you mean linger_ms\?$/,
    ],
    [
      'an unknown type',
      'type: cowrie',
      'type: cowry',
      /^3:11 unknown sensor type "cowry" \| Did you mean cowrie\?$/,
    ],
    [
      'a type of no likeness',
      'type: cowrie',
      'type: beekeeper',
      /^3:11 unknown sensor type "beekeeper" \| Known: .* Lines of another go raw with "keep_raw: true"\.$/,
    ],
    [
      'a name that no type can have',
      'type: cowrie',
      'type: Bee-keeper\n    keep_raw: true',
      /^3:11 "Bee-keeper" cannot be a sensor type/,
    ],
    [
      'a stream that cannot be one',
      'type: dionaea\n',
      'type: beekeeper\n    keep_raw: true\n',
      /"sqlite" cannot be a stream/,
    ],
    [
      'a time zone',
      'Europe/Bratislava',
      'Europe/Bratislawa',
      /^4:16 unknown time zone "Europe\/Bratislawa" \| Did you mean Europe\/Bratislava\?$/,
    ],
    ['a size', '64MiB', '64 pigs', /^11:21 bytes_max is "64 pigs" \| Write a size like/],
    [
      'a size out of bounds',
      '64MiB',
      '64KiB',
      /^11:21 bytes_max is "64KiB", out of bounds \| Write a size like .* between 1024KiB/,
    ],
    ['a name twice', 'name: smb-1', 'name: ssh-1', /^7:11 two sensors are named "ssh-1"/],
    ['a name that is no name', 'name: smb-1', 'name: ../etc', /^7:11 "..\/etc" cannot be the name/],
    [
      'a relative path',
      '/var/dionaea.sqlite',
      'dionaea.sqlite',
      /^9:22 the path "dionaea.sqlite" is relative/,
    ],
    [
      'a pattern that cannot be matched',
      'json: [',
      'json: ["/var/[z-a]*.json", ',
      /the pattern "\[z-a\]\*\.json" cannot be matched \| Write a range from the lower/,
    ],
    [
      'a path of no stream',
      'json: [',
      'jsn: [',
      /^5:14 unknown key "jsn" in paths of a cowrie \| Did you mean json\?/,
    ],
    ['a missing path', '    paths: { sqlite: /var/dionaea.sqlite }\n', '', /^7:5 a sensor without paths/],
    ['a fraction', 'linger_ms: 100', 'linger_ms: 100.5', /linger_ms is 100\.5 \| Write a whole number/],
    ['a port', 'port: 2222', 'port: ssh', /^6:37 port is "ssh" \| Write a whole number/],
    ['a share over all', '16MiB', '65MiB', /the shares of the sensors are/],
    [
      'broken YAML',
      'paths: { sqlite: /var/dionaea.sqlite }',
      'paths: { sqlite: /var',
      /^\d+:\d+ .* \| Mend the YAML/,
    ],
  ];
  for (const [what, from, to, expected] of cases) {
    it(`names ${what} with line, column and remedy`, () => {
      assert.ok(good.includes(from));
      const mistakes = mistakesOf(good.replace(from, to));
      assert.ok(
        mistakes.some((mistake) => expected.test(mistake)),
        mistakes.join('\n'),
      );
    });
  }

  it('takes the name of a MySQL database where the type has one', () => {
    const kippo =
      'sensors:\n  - { name: k, type: kippo, paths: { mysql: /logs/bin.index }, mysql: { database: pots } }\n';
    const { config, mistakes } = parseConfig(kippo, streams);
    assert.deepEqual(mistakes, []);
    assert.equal(config.sensors[0]!.mysql?.database, 'pots');
    const connected = (connection: string, paths = ''): string =>
      `sensors:\n  - { name: k, type: kippo${paths}, mysql: { connection: { ${connection} } } }\n`;
    const toldOf = (text: string): string =>
      parseConfig(text, streams)
        .mistakes.map(({ message }) => message)
        .join();
    const by_tls = parseConfig(connected('host: db.example, user: reader, ca_file: /etc/ca.pem'), streams);
    assert.deepEqual(by_tls.mistakes, []);
    assert.deepEqual(by_tls.config.sensors[0]!.mysql?.connection, {
      ...{ host: 'db.example', user: 'reader', ca_file: '/etc/ca.pem', tls: true },
    });
    assert.match(toldOf(connected('host: db.example, user: r')), /another host, without TLS/);
    assert.match(
      toldOf(connected('host: 192.0.2.7, user: r, tls: true')),
      /is an address, and TLS checks the name/,
    );
    assert.match(toldOf(connected('user: r')), /either a socket or a host/);
    assert.match(toldOf(connected('socket: /s')), /a connection without user/);
    const twice = connected('socket: /s, user: r', ', paths: { mysql: /logs/bin.index }');
    assert.match(toldOf(twice), /binary logs and a connection/);
    const other = good.replace('    spool_bytes_max: 16MiB', '    mysql: { database: pots }');
    assert.match(mistakesOf(other).join(), /a dionaea has no MySQL database/);
  });

  it('wants a batch to hold the longest line and what is read with it', () => {
    const text = good
      .replace('line_bytes_max: 128KiB', 'line_bytes_max: 1MiB')
      .replace('max: 4MiB', 'max: 1MiB');
    assert.match(mistakesOf(text).join(), /cannot hold a line of 1048576/);
  });

  it('does not take an empty file or a list for a configuration', () => {
    assert.match(mistakesOf('').join(), /1:1 the configuration is empty/);
    assert.match(mistakesOf('- a\n').join(), /1:1 the configuration is a list/);
    assert.match(mistakesOf('sensors: []\n').join(), /1:10 sensors is a list/);
  });

  it('reads sizes as people write them', () => {
    assert.equal(parseSize('1.5KiB'), 1536);
    assert.equal(parseSize('2 MB'), 2_000_000);
    assert.equal(parseSize(77), 77);
    for (const wrong of ['', '-1', '1 XB', '1e3', true, null, 1.5]) assert.equal(parseSize(wrong), undefined);
    assert.equal(showSize(1536), '1.5 KiB');
    assert.equal(showSize(12), '12 B');
  });
});
