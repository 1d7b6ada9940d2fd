/** The uplink through an HTTP proxy: by CONNECT, and by no other way. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { CowrieSource } from '../rig/cowrie-source.ts';
import { openSite, settledRecords, waitFor } from '../rig/site.ts';

test('records go through a proxy by CONNECT, which sees no byte of them', { timeout: 120_000 }, async (t) => {
  const asked: string[] = [];
  let bytes = '';
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.toString('latin1');
      });
      socket.pipe(upstream).pipe(socket);
    });
    for (const end of [socket, upstream]) end.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const site = await openSite(t, {
    sensors: (root) => [{ name: 'ssh', type: 'cowrie', paths: { json: join(root, 'cowrie.json') } }],
    collector_settings: `uplink: { proxy: "http://127.0.0.1:${port}" }\n`,
  });
  const source = new CowrieSource(join(site.root, 'cowrie.json'), 'proxied');
  source.write(500);
  site.collector.run();
  await waitFor(site, 'the lines', async () => (await settledRecords(site)).rows === 500);
  assert(asked.length >= 2, 'batches and heartbeats');
  assert.deepEqual([...new Set(asked)], [`127.0.0.1:${site.server.gateway_port}`]);
  assert(bytes.length > 1000);
  assert(!bytes.includes('POST ') && !bytes.includes('login attempt'));
});
