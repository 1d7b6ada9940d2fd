/** The short form of `npm run fuzz`, and that the fuzzer finds what it is made for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FuzzDecoder } from './decoder.ts';
import { decoders } from './decoders.ts';
import { FuzzFailure, fuzz, makeInput } from './fuzz.ts';

const seed = 20261123;
const inputs = 2000;

describe('mutated inputs', () => {
  for (const decoder of decoders)
    it(`harm nothing: ${decoder.name}`, async () => {
      assert.equal((await fuzz(decoder, { inputs, seed })).inputs, inputs);
    });
});

describe('the fuzzer', () => {
  const decoder = (decode: FuzzDecoder['decode']): FuzzDecoder => ({
    name: 'made up',
    seeds: [Buffer.from('length 0005 and a body')],
    decode,
  });

  it('makes the same inputs again, and many', () => {
    const made = decoder(() => 0);
    const all = Array.from({ length: 500 }, (_, index) => makeInput(made, 1, index).toString('hex'));
    assert.deepEqual(
      all,
      all.map((_, index) => makeInput(made, 1, index).toString('hex')),
    );
    assert.ok(new Set(all).size > 450);
  });

  it('finds a length that is believed', async () => {
    const trusting = decoder((input) => {
      const length = Number(/^length (\d+)/.exec(input.toString('latin1'))?.[1] ?? 0);
      if (length > 1_000_000) throw new RangeError('too long');
      return 0;
    });
    await assert.rejects(fuzz(trusting, { inputs, seed }), /too long/);
  });

  it('finds output out of all proportion, and leaves documented errors alone', async () => {
    await assert.rejects(
      fuzz(
        decoder((input) => input.length * 1000),
        { inputs, seed },
      ),
      FuzzFailure,
    );
    const refusing = decoder((input) => {
      if (input.length % 2 === 1) throw new SyntaxError('odd');
      return 0;
    });
    const { refused } = await fuzz(
      { ...refusing, isDocumented: (error) => error instanceof SyntaxError },
      { inputs, seed },
    );
    assert.ok(refused > inputs / 4 && refused < inputs);
  });
});
