/** Attacker and objectives of incidents in SQL, what people decided laid over what the rules said. */
import { attackers, objectives } from '@apiary/model/taxonomy.ts';
import { type AnchoredJudgement, settle } from '../state/judgements.ts';

export interface JudgedColumns {
  /** A text. */
  attacker: string;
  /** A list of texts. */
  objectives: string;
}

/** What people decided of the whole is told to who sees the whole, as `showIncident` has it. */
const sees_whole = "evidence != 'null'";
const quoted = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');

/** Incidents by what was decided of them, of which only words of the taxonomy are taken. */
function byValue(
  judgements: ReadonlyMap<string, readonly AnchoredJudgement[]>,
  field: 'attacker' | 'objectives',
): [value: string, incidents: string[]][] {
  const known = new Set<string>([
    ...(field === 'attacker' ? attackers : objectives).map(({ name }) => name),
    'unknown',
  ]);
  const decided = [...judgements].flatMap(([incident_id, list]) => {
    const value = settle(list).get(field)?.value;
    return value?.split(', ').every((one) => known.has(one)) ? [{ incident_id, value }] : [];
  });
  return [...Map.groupBy(decided, ({ value }) => value)].map(([value, list]) => [
    value,
    list.map(({ incident_id }) => String(BigInt(incident_id))),
  ]);
}

/** @param judgements by the incident that holds their anchor today */
export function judgedColumns(judgements: ReadonlyMap<string, readonly AnchoredJudgement[]>): JudgedColumns {
  const choose = (
    field: 'attacker' | 'objectives',
    write: (value: string) => string,
    by_rules: string,
  ): string => {
    const cases = byValue(judgements, field).map(
      ([value, ids]) => `${sees_whole} AND incident_id IN (${ids.join(', ')}), ${write(value)}`,
    );
    return cases.length === 0 ? by_rules : `multiIf(${cases.join(', ')}, ${by_rules})`;
  };
  return {
    attacker: choose('attacker', (value) => quoted([value]), 'toString(attacker)'),
    objectives: choose(
      'objectives',
      (value) => (value === 'unknown' ? 'CAST([] AS Array(String))' : `[${quoted(value.split(', '))}]`),
      'arrayMap(x -> toString(x), objectives)',
    ),
  };
}
