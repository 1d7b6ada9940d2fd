import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Search } from '../search.ts';
import { leavesOutUnnamed } from './unnamed-service.ts';

test('a filter that asks for a service leaves out what does not name one; others do not', () => {
  const left_out: Search[] = [
    { service: 'ssh' },
    { service: ['ssh', 'telnet'] },
    { q: 'service:ssh' },
    { q: 'service:(ssh or telnet) country:SK' },
    { q: 'service:htt*' },
    { q: 'service:ssh or (service:telnet and user:root)' },
  ];
  for (const search of left_out) assert.equal(leavesOutUnnamed(search), true, JSON.stringify(search));
  const kept: Search[] = [
    {},
    { q: '' },
    { username: 'service:ssh' },
    { service: '' },
    { service: ['ssh', ''] },
    { q: 'service:ssh or user:root' },
    { q: 'not service:ssh' },
    { q: '(service:ssh or service:"") user:root' },
    { q: 'service:*' },
    { q: 'service:(' },
  ];
  for (const search of kept) assert.equal(leavesOutUnnamed(search), false, JSON.stringify(search));
});
