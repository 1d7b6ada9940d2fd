import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from './config.ts';
import { test_streams } from './testing/rig.ts';
import { isTunnelAddress } from './tunnel.ts';

describe('the way to a local stunnel', () => {
  it('is a Unix socket or loopback, nothing that others reach', () => {
    for (const good of ['/run/x/uplink.sock', '127.0.0.1:7443', '[::1]:7443'])
      assert.ok(isTunnelAddress(good));
    for (const bad of [
      '0.0.0.0:7443',
      '192.0.2.1:7443',
      'localhost:7443',
      'uplink.sock',
      '/a\nconnect = x',
      '127.0.0.1',
    ])
      assert.ok(!isTunnelAddress(bad), bad);
  });

  it('is read from the configuration, with its mistakes', () => {
    const read = (address: string) =>
      parseConfig(
        `sensors:\n  - { name: a, type: cowrie, paths: { json: /x } }\nuplink: { stunnel: "${address}" }\n`,
        test_streams,
      );
    assert.equal(read('127.0.0.1:7443').config.tunnel, '127.0.0.1:7443');
    const [mistake] = read('192.0.2.1:7443').mistakes;
    assert.match(mistake?.message ?? '', /stunnel accepts at "192.0.2.1:7443"/);
    assert.equal(mistake?.line, 3);
  });

  it('may be a proxy instead, and not both', () => {
    const read = (uplink: string) =>
      parseConfig(
        `sensors:\n  - { name: a, type: cowrie, paths: { json: /x } }\nuplink: { ${uplink} }\n`,
        test_streams,
      );
    assert.equal(read('proxy: "http://proxy.example:3128"').config.proxy, 'http://proxy.example:3128');
    for (const wrong of [
      'proxy.example:3128',
      'https://proxy.example:3128',
      'http://user:pass@proxy.example:3128',
    ])
      assert.match(read(`proxy: "${wrong}"`).mistakes[0]?.message ?? '', /the proxy is/, wrong);
    const both = read('proxy: "http://proxy.example:3128", stunnel: "127.0.0.1:7443"');
    assert.match(both.mistakes[0]?.message ?? '', /a stunnel and a proxy/);
  });
});
