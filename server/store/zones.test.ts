import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Store } from './store.ts';
import { renderTemplate } from './template.ts';
import { createZones } from './zones.ts';

describe('local times of sensors', () => {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-zones-'));
  let store: Store;
  before(async () => {
    store = new Store({ directory, rendering: 'single' });
    await store.whenUp();
    await createZones(store);
    await createZones(store);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const toUtc = async (zone: string, shown: string): Promise<string> => {
    const word = renderTemplate('{{zoned shown}}', { rendering: 'single' });
    const [row] = await store.query<{ utc: string }>(
      `SELECT toString(${word}) AS utc FROM (SELECT {zone:String} AS time_zone, toDateTime64({shown:String}, 6, 'UTC') AS shown)`,
      { zone, shown },
    );
    return row!.utc.slice(0, 19);
  };

  it('come to UTC by the zone that the operator named', async () => {
    assert.equal(await toUtc('', '2026-07-01 12:00:00'), '2026-07-01 12:00:00');
    assert.equal(await toUtc('Europe/Bratislava', '2026-07-01 12:00:00'), '2026-07-01 10:00:00');
    assert.equal(await toUtc('Europe/Bratislava', '2026-01-01 12:00:00'), '2026-01-01 11:00:00');
    assert.equal(await toUtc('America/New_York', '2012-09-04 20:00:00'), '2012-09-05 00:00:00');
    assert.equal(await toUtc('Asia/Kolkata', '2026-01-01 00:00:00'), '2025-12-31 18:30:00');
    assert.equal(await toUtc('Pacific/Kiritimati', '2026-01-01 00:00:00'), '2025-12-31 10:00:00');
  });

  it('are the first of the two where a clock shows an hour twice', async () => {
    assert.equal(await toUtc('Europe/Bratislava', '2026-10-25 01:59:59'), '2026-10-24 23:59:59');
    assert.equal(await toUtc('Europe/Bratislava', '2026-10-25 02:30:00'), '2026-10-25 00:30:00');
    assert.equal(await toUtc('Europe/Bratislava', '2026-10-25 03:00:00'), '2026-10-25 02:00:00');
  });

  it('count on where a clock leaves an hour out', async () => {
    assert.equal(await toUtc('Europe/Bratislava', '2026-03-29 01:59:59'), '2026-03-29 00:59:59');
    assert.equal(await toUtc('Europe/Bratislava', '2026-03-29 02:30:00'), '2026-03-29 01:30:00');
    assert.equal(await toUtc('Europe/Bratislava', '2026-03-29 03:00:00'), '2026-03-29 01:00:00');
  });

  it('agree with the runtime in every zone', async () => {
    const instant = Date.UTC(2026, 6, 15, 12) / 1000;
    for (const zone of ['Europe/Kyiv', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC', 'Asia/Tehran']) {
      const shown = new Intl.DateTimeFormat('sv', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const local = shown.format(instant * 1000);
      assert.equal(await toUtc(zone, local), '2026-07-15 12:00:00', `${zone} ${local}`);
    }
  });

  it('get the last year in which they are not in the future', async () => {
    const word = renderTemplate('{{with_year shown}}', { rendering: 'single' });
    const yearOf = async (shown: string, collected: string): Promise<string> => {
      const [row] = await store.query<{ time: string }>(
        `SELECT toString(${word}) AS time FROM (SELECT toDateTime64({shown:String}, 6, 'UTC') AS shown, toDateTime64({collected:String}, 6, 'UTC') AS collect_ts)`,
        { shown, collected },
      );
      return row!.time.slice(0, 10);
    };
    assert.equal(await yearOf('2000-11-23 10:00:00', '2026-11-23 12:00:00'), '2026-11-23');
    assert.equal(await yearOf('2000-12-31 23:59:59', '2026-01-01 00:00:10'), '2025-12-31');
    assert.equal(await yearOf('2000-11-24 10:00:00', '2026-11-23 12:00:00'), '2026-11-24');
    assert.equal(await yearOf('2000-11-25 10:00:00', '2026-11-23 12:00:00'), '2025-11-25');
  });
});
