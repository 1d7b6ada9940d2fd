/** Messages of RFC 4765 and of a draft, counted from their text without our SQL. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { XmlFramer } from '@apiary/collector/readers/xml-elements.ts';
import { countBy, landAll, missing, recordings, tally, withEngine } from '../../tests/recording.ts';
import { submodule as idmef } from './index.ts';

const folder = 'wild/idea-idmef/CSIRT-MU__IDEA-IDMEF-Converter/src/Converter';
const files = [
  { file: 'ExternalData/InputData/rfc4765-examples.xml', messages: 10, alerts: 10 },
  { file: 'ExternalData/InputData/mid-level-phase-4.xml', messages: 19, alerts: 19 },
  { file: 'ExternalData/OutputData/idea-examples.xml', messages: 6, alerts: 6 },
  { file: 'Tests/InputTestData/multiplelongidmef.xml', messages: 2, alerts: 2 },
];
const texts = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((found) => found[1]!.trim());

for (const { file, messages, alerts } of files) {
  describe(`IDMEF, ${file}`, { skip: missing(folder) }, () => {
    const held = withEngine(idmef);

    it('is counted as it is without our SQL', async () => {
      const whole = readFileSync(join(recordings, folder, file));
      const { records } = new XmlFramer('IDMEF-Message', 1024 * 1024).frame(whole, 0);
      assert.equal(records.length, messages);
      const landed = records.map(({ place, bytes }) => ({
        ...{ stream: 'messages', place: BigInt(place), version: 0, flags: 0, raw: bytes },
      }));
      await landAll(held.engine, landed, 1n);
      assert.deepStrictEqual(
        await countBy(
          held.engine,
          "SELECT concat(toString(parse), ' ', kind) AS name, count() AS rows FROM idmef_messages GROUP BY name",
        ),
        { 'ok alert': alerts },
      );
      const text = whole.toString('utf8').replace(/<!--.*?-->/gs, '');
      assert.deepStrictEqual(
        await countBy(
          held.engine,
          "SELECT signature AS name, count() AS rows FROM event WHERE signature != '' GROUP BY name",
        ),
        tally(texts(text, /<(?:idmef:)?Classification\s[^>]*?text="([^"]*)"/g)),
      );
      const addresses = (part: 'Source' | 'Target'): Record<string, number> => {
        const parts = texts(text, new RegExp(`<(?:idmef:)?${part}[\\s>](.*?)</(?:idmef:)?${part}>`, 'gs'));
        return tally(parts.flatMap((one) => texts(one, /<(?:idmef:)?address>([^<]*)</g)));
      };
      for (const [column, part] of [
        ['source_addresses', 'Source'],
        ['target_addresses', 'Target'],
      ] as const)
        assert.deepStrictEqual(
          await countBy(
            held.engine,
            `SELECT arrayJoin(${column}) AS name, count() AS rows FROM idmef_messages GROUP BY name`,
          ),
          Object.fromEntries(Object.entries(addresses(part)).sort()),
        );
    });
  });
}
