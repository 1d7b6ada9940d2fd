/** Analyses of Thug, counted in plain JavaScript. */
import assert from 'node:assert';
import { describe, it } from 'node:test';
import { XmlFramer } from '@apiary/collector/readers/xml-elements.ts';
import { countBy, filesIn, landAll, missing, readPlain, tally, withEngine } from '../../tests/recording.ts';
import { submodule as thug } from './index.ts';

const folder = 'wild/thug/doc_excerpt';

describe(`Thug, recording ${folder}`, { skip: missing(folder) }, () => {
  const held = withEngine(thug);

  it('is counted as it is without our SQL', async () => {
    const analyses = filesIn(folder, /\.json$/).map((file) => JSON.parse(readPlain(file).toString('utf8')));
    const records = analyses.map((analysis, index) => ({
      stream: 'analyses',
      place: BigInt(index),
      version: 0,
      flags: 0,
      raw: Buffer.from(JSON.stringify(analysis)),
    }));
    await landAll(held.engine, records, 1n);
    const of = (column: string, table = 'event'): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);
    assert.deepStrictEqual(await of('parse', 'thug_analyses'), { ok: analyses.length });
    const exploits = analyses.flatMap((analysis) => analysis.exploits);
    assert(exploits.length > 0);
    assert.deepStrictEqual(await of('signature'), tally(exploits.map(({ cve }) => cve)));
    assert.deepStrictEqual(await of('target'), tally(exploits.map(({ module }) => module)));
    const [row] = await held.engine.query<{ words: string }>(
      'SELECT sum(length(behavior)) AS words FROM thug_analyses',
    );
    assert.equal(Number(row?.words), analyses.flatMap((analysis) => analysis.behavior).length);
  });
});

const bundles = 'wild/thug/johnnykv__mnemosyne';

describe(`Thug, MAEC of ${bundles}`, { skip: missing(bundles) }, () => {
  const held = withEngine(thug);

  it('is counted as it is without our SQL', async () => {
    const files = filesIn(bundles, /\.xml$/).map(readPlain);
    for (const [index, file] of files.entries()) {
      const { records } = new XmlFramer('MAEC_Bundle', 1024 * 1024).frame(file, 0);
      const landed = records.map(({ place, bytes }) => ({
        ...{ stream: 'maec', place: BigInt(place), version: 0, flags: 0, raw: bytes },
      }));
      await landAll(held.engine, landed, BigInt(index + 1));
    }
    const text = files.map((file) => file.toString('utf8')).join('');
    const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((found) => found[1] as string);
    const of = (column: string, table: string): Promise<Record<string, number>> =>
      countBy(held.engine, `SELECT toString(${column}) AS name, count() AS rows FROM ${table} GROUP BY name`);
    assert.deepStrictEqual(await of('parse', 'thug_maec'), { ok: all(/(<\/MAEC_Bundle>)/g).length });
    assert.deepStrictEqual(await of('url', 'thug_maec'), tally(all(/<URI>([^<]*)</g)));
    assert.deepStrictEqual(
      await of('arrayJoin(behaviors)', 'thug_maec'),
      tally(all(/<Text>([^<]*)</g).map((words) => words.replaceAll('&gt;', '>').replaceAll('&amp;', '&'))),
    );
    assert.deepStrictEqual(
      await of("extra['md5']", 'event'),
      tally(all(/<Hash type="md5">\s*<Hash_Value>([^<]*)</g)),
    );
  });
});
