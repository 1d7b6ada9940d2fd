import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Fact, type FactKind, fact_kinds } from './facts.ts';
import { type AttackChange, Linker } from './linker.ts';

const day_us = 86_400_000_000;
const start_us = Date.UTC(2026, 0, 1) * 1000;
const hash = 'a'.repeat(64);

/** An attack that begins on a day, with facts at its beginning. */
function attack(
  id: string,
  source: string,
  day: number,
  values: Partial<Record<FactKind, string>>,
): AttackChange {
  const first_us = start_us + day * day_us;
  const fact = (kind: FactKind, value: string): Fact => ({ ts_us: first_us, kind, value, event_id: id });
  return {
    attack: { attack_id: id, source, first_us },
    facts: [
      fact('source', source),
      ...Object.entries(values).map(([kind, value]) => fact(kind as FactKind, value)),
    ],
  };
}

const partition = (linker: Linker, changes: AttackChange[][]): Map<string, string> => {
  const told = new Map<string, string>();
  for (const one of changes) {
    const { changed, gone } = linker.update(one);
    for (const { incident_id, attacks } of changed)
      for (const { attack_id } of attacks) told.set(attack_id, incident_id);
    for (const { attack: out, facts } of one) if (facts === null) told.delete(out.attack_id);
    for (const id of gone) assert(![...told.values()].includes(id), `${id} is gone and told`);
  }
  return told;
};

describe('linking', () => {
  test('joins what shares a payload, and leaves the rest alone', () => {
    const told = partition(new Linker(), [
      [
        attack('1', 'one', 0, { file: hash }),
        attack('2', 'two', 0.5, { file: hash }),
        attack('3', 'three', 0.6, { file: 'b'.repeat(64) }),
      ],
    ]);
    assert.deepEqual(Object.fromEntries(told), { 1: '1', 2: '1', 3: '3' });
  });

  test('joins one address within a day, and not beyond it', () => {
    const told = partition(new Linker(), [
      [attack('1', 'one', 0, {}), attack('2', 'one', 0.9, {}), attack('3', 'one', 2, {})],
    ]);
    assert.deepEqual(Object.fromEntries(told), { 1: '1', 2: '1', 3: '3' });
  });

  test('joins nobody by what half of the world has', () => {
    const common = Array.from({ length: 200 }, (_, index) =>
      attack(
        `c${index}`,
        `s${index}`,
        (index % 10) / 10,
        index % 2 === 0 ? { sequence: 'uname', print: 'p' } : {},
      ),
    );
    const linker = new Linker();
    partition(linker, [common]);
    const told = partition(linker, [
      [
        attack('x', 'x', 1.5, { sequence: 'uname', print: 'p' }),
        attack('y', 'y', 1.6, { sequence: 'uname', print: 'p' }),
      ],
    ]);
    assert.equal(told.get('x'), 'x');
    assert.equal(told.get('y'), 'y');
  });

  test('adds up what is weak alone', () => {
    const values = { sequence: 's', print: 'p', near: 'n', credentials: 'c' } as const;
    const both = partition(new Linker(), [[attack('1', 'one', 0, values), attack('2', 'two', 0.2, values)]]);
    assert.equal(both.get('2'), '1');
    const alone = partition(new Linker(), [
      [attack('1', 'one', 0, { print: 'p' }), attack('2', 'two', 0.2, { print: 'p' })],
    ]);
    assert.equal(alone.get('2'), '2');
  });

  test('counts what says the same in two ways once', () => {
    const values = { sequence: 's', near: 'n', print: 'p' } as const;
    const told = partition(new Linker(), [[attack('1', 'one', 0, values), attack('2', 'two', 0, values)]]);
    assert.equal(told.get('2'), '2', 'commands and client alone are not enough');
  });

  test('says why, with the part of the visits that had it', () => {
    const { changed } = new Linker().update([
      attack('1', 'one', 0, { key: 'AAAA' }),
      attack('2', 'two', 0.2, { key: 'AAAA' }),
    ]);
    const [reason] = changed[0]!.attacks[1]!.reasons;
    assert.equal(reason?.to, '1');
    assert.equal(reason?.kind, 'key');
    assert(reason!.weight >= 1 && reason!.share > 0 && reason!.share < 1);
  });

  test('lets no incident swallow everything', () => {
    const linker = new Linker();
    const many = Array.from({ length: 6000 }, (_, index) =>
      attack(String(100_000 + index), `s${index}`, index / 10_000, { wallet: 'w' }),
    );
    const sizes = [...Map.groupBy([...partition(linker, [many]).values()], (id) => id).values()].map(
      (list) => list.length,
    );
    assert(Math.max(...sizes) <= 5000);
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      6000,
    );
  });

  test('gives the same from one pass and from many, in any order of arrival', () => {
    const kinds = fact_kinds.filter((kind) => kind !== 'source');
    const one = fc.record({
      source: fc.integer({ min: 0, max: 8 }),
      hour: fc.integer({ min: 0, max: 24 * 6 }),
      values: fc.array(fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: 0, max: 4 })), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 2, maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (list, order) => {
          const all = list.map(({ source, hour, values }, index) =>
            attack(
              `${index}`,
              `s${source}`,
              hour / 24,
              Object.fromEntries(values.map(([kind, v]) => [kind, `${v}`])),
            ),
          );
          const whole = partition(new Linker(), [all]);
          const shuffled = all
            .map((change) => ({ change, at: order.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ change }) => change);
          // Some come first without their facts, some are taken out and come again.
          const pieces = shuffled.flatMap((change, index): AttackChange[][] =>
            index % 3 === 0
              ? [[{ ...change, facts: change.facts!.slice(0, 1) }], [change]]
              : index % 5 === 0
                ? [[change], [{ ...change, facts: null }], [change]]
                : [[change]],
          );
          assert.deepEqual([...partition(new Linker(), pieces)].sort(), [...whole].sort());
        },
      ),
      { numRuns: 300 },
    );
  });
});
