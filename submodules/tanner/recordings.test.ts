/** A whole recording of TANNER, counted in plain JavaScript from the lines. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { splitLines } from '../sample.ts';
import { submodule as tanner } from './index.ts';

const folder = 'wild/tpot-2022/tanner/log';

describe(`TANNER, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(tanner);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(folder, /^tanner_report\.json/).map((file) =>
      splitLines('report', readPlain(file)),
    );
    for (const [index, file] of files.entries()) await landAll(held.engine, file, BigInt(index + 1));
    const all = files.flat().map(({ raw }) => JSON.parse(raw.toString('utf8')));
    assert.equal(all.length, 841);
    const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);
    assert.deepStrictEqual(await of('parse', 'tanner_report'), { ok: 841 });
    assert.deepStrictEqual(await of('path', 'tanner_report'), tally(all.map(({ path }) => path)));
    const names = all.map(({ response_msg }) => response_msg.response.message.detection.name);
    assert.deepStrictEqual(await of('detection_name', 'tanner_report'), tally(names));
    assert.deepStrictEqual(
      await of('session'),
      tally(all.map(({ response_msg }) => response_msg.response.message.sess_uuid)),
    );
    assert.deepStrictEqual(
      await of('action'),
      tally(
        all.map(({ headers, post_data }) => {
          const [scheme, coded = ''] = (headers.authorization ?? '').split(' ');
          const basic = scheme === 'Basic' && Buffer.from(coded, 'base64').includes(':');
          return basic || (post_data?.log && post_data?.pwd) ? 'authenticate' : 'probe';
        }),
      ),
    );
  });
});
