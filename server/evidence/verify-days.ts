/** Holds the records that are there against the signed days, and says what differs and whether something accounts for it. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Authority } from '../pki/authority.ts';
import { checkSignature } from '../pki/signature.ts';
import { isReadings } from '../retention/record-tables.ts';
import type { StateDatabase } from '../state/database.ts';
import { readKeptFrom } from '../state/retention.ts';
import type { Store } from '../store/store.ts';
import {
  type DayChain,
  type DayDocument,
  days_at_once,
  hashOf,
  type SignedDay,
  stretchOf,
} from './day-chain.ts';
import { countByDay, digestStretches, gatherStretches, type Leaf, type Stretch } from './record-digests.ts';

export interface DayFinding {
  day: string;
  /** `explained`: records are fewer, and the retention or an erasure that was logged since took some out. */
  state: 'same' | 'explained' | 'wrong';
  records: number;
  /** What differs, a sentence each. */
  differences: string[];
}

interface VerifyOptions {
  /** Records of days before are not compared; all documents are checked. As `2026-11-25`. */
  since?: string | undefined;
  chain: DayChain;
  store: Store;
  state: StateDatabase;
  authority: Authority;
}

/** When something was taken out that is allowed to. */
interface Removals {
  kept_from_ms: ReturnType<typeof readKeptFrom>;
  /** Of one sensor, or of any. */
  erased: { at_ms: number; sensor_id: number | null }[];
}

const listRemovals = (state: StateDatabase): Removals => ({
  kept_from_ms: readKeptFrom(state),
  erased: state
    .all<{ at_ms: number; details: string }>(
      "SELECT at_ms, details FROM change_log WHERE verb = 'erase' ORDER BY at_ms",
    )
    .map(({ at_ms, details }) => ({
      at_ms,
      sensor_id: (JSON.parse(details) as { sensor_id?: number }).sensor_id ?? null,
    })),
});

/** What accounts for records that are gone; null: nothing does. */
function explain(leaf: Leaf, made_ms: number, { kept_from_ms, erased }: Removals): string | null {
  const last = erased.findLast(
    ({ at_ms, sensor_id }) => at_ms > made_ms && (sensor_id ?? leaf.sensor_id) === leaf.sensor_id,
  );
  if (last !== undefined)
    return `an erasure was logged at ${new Date(last.at_ms).toISOString()} (the change log says what it took)`;
  const kind = isReadings({ name: leaf.table }) ? 'readings' : 'records';
  const kept = kept_from_ms[kind] ?? 0;
  if (Number(BigInt(leaf.from_us) / 1000n) < kept)
    return `the retention took out what was received before ${new Date(kept).toISOString()}`;
  return null;
}

/** What is there now of some days. */
interface Present {
  /** Records by table and day: UTC, as `2026-11-25`. */
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By stretch and sensor, of the stretches that were signed. */
  leaves: ReadonlyMap<string, ReadonlyMap<number, Leaf>>;
}

const keyOf = ({ table, from_us, to_us }: Pick<Leaf, 'table' | 'from_us' | 'to_us'>): string =>
  `${table} ${from_us} ${to_us}`;

/** @param documents of days that follow each other */
async function readPresent(
  { store, chain }: VerifyOptions,
  documents: readonly DayDocument[],
): Promise<Present> {
  const released = chain.released_tables;
  const all: Stretch = {
    from_us: stretchOf(documents[0]!.day).from_us,
    to_us: stretchOf(documents.at(-1)!.day).to_us,
  };
  const signed = Map.groupBy(
    documents.flatMap(({ leaves }) => leaves),
    ({ table }) => table,
  );
  const counts = new Map<string, Map<string, number>>();
  const leaves = new Map<string, Map<number, Leaf>>();
  for (const { name } of await chain.filledTables()) {
    counts.set(name, await countByDay(store, name, all, released));
    const stretches = [...Map.groupBy(signed.get(name) ?? [], keyOf).values()].map((some) => ({
      ...some[0]!,
      records: some.reduce((sum, { records }) => sum + records, 0),
    }));
    for (const some of gatherStretches(stretches))
      for (const leaf of await digestStretches(store, name, some, released)) {
        const of_stretch = leaves.get(keyOf(leaf)) ?? new Map<number, Leaf>();
        leaves.set(keyOf(leaf), of_stretch.set(leaf.sensor_id, leaf));
      }
  }
  return { counts, leaves };
}

function compareLeaves(
  { document }: SignedDay,
  removals: Removals,
  present: Present,
): Pick<DayFinding, 'state' | 'differences'> {
  const finding: Pick<DayFinding, 'state' | 'differences'> = { state: 'same', differences: [] };
  const made_ms = Date.parse(document.made);
  for (const [key, leaves] of Map.groupBy(document.leaves, keyOf)) {
    const { table } = leaves[0]!;
    const now = new Map(present.leaves.get(key));
    for (const leaf of leaves) {
      const there = now.get(leaf.sensor_id);
      now.delete(leaf.sensor_id);
      if (there?.sha256 === leaf.sha256) continue;
      const fewer = leaf.records - (there?.records ?? 0);
      const reason = fewer > 0 ? explain(leaf, made_ms, removals) : null;
      const what =
        fewer > 0
          ? `${fewer} of ${leaf.records} records of sensor ${leaf.sensor_id} in ${table} are gone`
          : `the ${leaf.records} records of sensor ${leaf.sensor_id} in ${table} are not those that were signed (${there?.records ?? 0} are there)`;
      finding.differences.push(`${what}: ${reason ?? 'nothing accounts for it'}`);
      if (reason === null) finding.state = 'wrong';
      else if (finding.state === 'same') finding.state = 'explained';
    }
    for (const { sensor_id, records } of now.values()) {
      finding.state = 'wrong';
      finding.differences.push(
        `${records} records of sensor ${sensor_id} in ${table} were not there when the day was signed`,
      );
    }
  }
  // The leaves of a table are over the whole day; a table that had nothing on the day has none.
  const signed = new Set(document.leaves.map(({ table }) => table));
  for (const [table, days] of present.counts) {
    const records = signed.has(table) ? 0 : (days.get(document.day) ?? 0);
    if (records === 0) continue;
    finding.state = 'wrong';
    finding.differences.push(`${records} records in ${table} were not there when the day was signed`);
  }
  return finding;
}

/** The signature, whose it is, and that the document follows on the one before. */
function checkDocument(day: string, signed: SignedDay, previous: string | null, roots: string[]): string[] {
  const wrong: string[] = [];
  try {
    const root = checkSignature(signed.bytes, signed.signature);
    if (!roots.includes(root)) wrong.push(`it was signed by another authority, sha256:${root}`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    wrong.push(error.message);
  }
  if (signed.document.day !== day) wrong.push(`the document is of ${signed.document.day}`);
  if (signed.document.previous !== previous)
    wrong.push('it does not follow on the document of the day before');
  return wrong;
}

const not_compared: Pick<DayFinding, 'state' | 'differences'> = { state: 'same', differences: [] };

/** Goes through all signed days, the oldest first. */
export async function verifyDays(options: VerifyOptions): Promise<DayFinding[]> {
  const { chain, authority, state, since } = options;
  const roots = authority.fingerprints();
  const removals = listRemovals(state);
  const findings: DayFinding[] = [];
  const days = chain.days();
  let previous: string | null = null;
  let expected: string | undefined;
  for (let at = 0; at < days.length; at += days_at_once) {
    const some = days.slice(at, at + days_at_once).map((day) => ({ day, signed: chain.read(day) }));
    const compared = some.filter(({ day }) => day >= (since ?? ''));
    const documents = compared.map(({ signed }) => signed.document);
    const present = documents.length === 0 ? undefined : await readPresent(options, documents);
    for (const { day, signed } of some) {
      const wrong = checkDocument(day, signed, previous, roots);
      if (expected !== undefined && expected !== day) wrong.push(`the document of ${expected} is missing`);
      const { state: found, differences } =
        present === undefined || day < (since ?? '')
          ? not_compared
          : compareLeaves(signed, removals, present);
      findings.push({
        day,
        state: wrong.length > 0 ? 'wrong' : found,
        records: signed.document.records,
        differences: [...wrong, ...differences],
      });
      previous = hashOf(signed.bytes);
      expected = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    }
  }
  return findings;
}
