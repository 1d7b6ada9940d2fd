/**
 * The engine as one user may read it. Every table that a statement names is put before it as a subquery of the same
 * name (WITH), which has only the rows that the user may see and marks where secrets would stand. So no query needs to
 * know who asks, and none can forget it; a table that nobody has thought of here shows nothing.
 */
import { stages } from '@apiary/model/taxonomy.ts';
import type { Reader } from './count-by.ts';
import { stretchesSql, type Visibility, wholeStretches } from './visibility.ts';

/** Stands where a secret would. */
export const hidden_mark = 'hidden';

interface Column {
  name: string;
  type: string;
}
export type Tables = ReadonlyMap<string, readonly Column[]>;

/** Columns of records that every viewer needs and that hold no secret: addresses, names, kinds. All other text may be one. */
const plain_of_records =
  /^(source|time_zone|parse|generation|attacker_country|detect_basis|event_?id|event_type|session(_?id)?|user|username|login_username|(src|dst|source|destination|dest|local|remote|client|server|peer|orig|resp)_?(ip|addr|host|hostname|h)|(connection_)?(proto|protocol|transport|type)|method|http_method|direction|action|sensor(_name|id)?|level|service|app_proto|sha256|shasum|taken_sha256|hassh|ja3|ja4|cve|signature|user_agent|country|kind|severity|class|category)$/i;
/** Keys of an event's map of the rest that may hold what a person or program sent as a secret. */
const secret_keys = 'pass|pwd|secret|cred|auth|hash|payload|body|data|raw|message|msg|input|content|cookie';

const mark = (name: string): string => `if(${name} = '', '', '${hidden_mark}') AS ${name}`;

function maskColumn({ name, type }: Column): string {
  const quoted = `\`${name}\``;
  if (type === 'String' || type === 'LowCardinality(String)') return mark(quoted);
  if (/^(LowCardinality\()?Nullable\((String|FixedString)/.test(type))
    return `if(${quoted} IS NULL, NULL, '${hidden_mark}') AS ${quoted}`;
  return `defaultValueOfTypeName('${type.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}') AS ${quoted}`;
}

/** What stands for columns whose text may be a secret, as `REPLACE (…)`; '' where nothing does. */
function maskSql(table: string, columns: readonly Column[], { sees_secrets }: Visibility): string {
  if (sees_secrets) return '';
  const masks =
    table === 'event'
      ? [mark('password'), `mapFilter((key, value) -> NOT match(key, '(?i)${secret_keys}'), extra) AS extra`]
      : table === 'expired_count'
        ? [mark('password')]
        : columns
            .filter(({ name, type }) => /String/.test(type) && !plain_of_records.test(name))
            .map(maskColumn);
  return masks.length === 0 ? '' : ` REPLACE (${masks.join(', ')})`;
}

const isRecords = (columns: readonly Column[]): boolean =>
  ['raw', 'generation', 'parse', 'detect_ts', 'sensor_id'].every((name) =>
    columns.some((column) => column.name === name),
  );

/** Attacks all of whose events are seen; a list of sensors that was cut may hide one. */
const sensors_listed_max = 64;

function attackSql({ stretches }: Visibility): string {
  if (stretches === null) return 'SELECT * FROM apiary.attack FINAL WHERE is_gone = 0';
  const one = stretchesSql(wholeStretches(stretches), { sensor: 's', from: 'first_ts', to: 'last_ts' });
  return `SELECT * REPLACE (first_ts AS visit_ts) FROM apiary.attack FINAL
    WHERE is_gone = 0 AND length(sensors) BETWEEN 1 AND ${sensors_listed_max - 1} AND arrayAll(s -> ${one}, sensors)`;
}

/** Incidents by the attacks that are seen; what was decided from all of them is told to who sees all of them. */
function incidentSql({ stretches }: Visibility): string {
  if (stretches === null) return 'SELECT * FROM apiary.incident FINAL WHERE is_gone = 0';
  const rank = `indexOf([${stages.map(({ name }) => `'${name}'`).join(', ')}], toString(stage))`;
  const names = stages.map(({ name }) => `'${name}'`).join(', ');
  return `SELECT i.incident_id AS incident_id, i.pass AS pass, i.is_gone AS is_gone, v.sensor_id AS sensor_id, i.number AS number,
      v.first_ts AS first_ts, v.last_ts AS last_ts, toUInt32(v.attacks) AS attacks, toUInt64(v.events) AS events, toUInt32(v.sources) AS sources,
      v.sensors AS sensors, v.countries AS countries, v.services AS services, [${names}][v.stage_rank] AS stage, v.tools AS tools, v.families AS families,
      if(v.attacks = i.attacks, toString(i.attacker), 'unknown') AS attacker,
      if(v.attacks = i.attacks, i.attacker_confidence, toFloat32(0)) AS attacker_confidence,
      if(v.attacks = i.attacks, i.objectives, []) AS objectives,
      if(v.attacks = i.attacks, i.evidence, 'null') AS evidence
    FROM (SELECT * FROM apiary.incident FINAL WHERE is_gone = 0) AS i
    GLOBAL INNER JOIN (
      SELECT b.incident_id AS incident_id, argMin(a.sensor_id, a.first_ts) AS sensor_id, min(a.first_ts) AS first_ts, max(a.last_ts) AS last_ts, count() AS attacks,
        sum(a.events) AS events, uniqExact(a.source, a.net) AS sources, arraySort(groupUniqArrayArray(a.sensors)) AS sensors,
        groupUniqArrayIf(64)(a.attacker_country, a.attacker_country != '') AS countries, groupUniqArrayIf(64)(a.service, a.service != '') AS services,
        max(${rank.replace('stage)', 'a.stage)')}) AS stage_rank, groupUniqArray(64)(a.tool) AS tools, groupUniqArrayArray(a.families) AS families
      FROM attack AS a GLOBAL INNER JOIN (SELECT attack_id, incident_id FROM apiary.incident_attack FINAL) AS b ON a.attack_id = b.attack_id
      GROUP BY incident_id
    ) AS v ON i.incident_id = v.incident_id`;
}

/** Which attacks belong together; of what ties them only what leads to an attack that is seen. */
function incidentAttackSql({ stretches }: Visibility): string {
  if (stretches === null) return 'SELECT * FROM apiary.incident_attack FINAL';
  const own =
    '(SELECT * FROM apiary.incident_attack FINAL WHERE attack_id GLOBAL IN (SELECT attack_id FROM attack))';
  return `SELECT o.attack_id AS attack_id, o.pass AS pass, o.sensor_id AS sensor_id, o.incident_id AS incident_id,
      concat('[', arrayStringConcat(arrayFilter(link -> has(g.seen, JSONExtractString(link, 'to')), JSONExtractArrayRaw(o.links)), ','), ']') AS links
    FROM ${own} AS o GLOBAL INNER JOIN (SELECT incident_id, groupArray(toString(attack_id)) AS seen FROM ${own} GROUP BY incident_id) AS g ON o.incident_id = g.incident_id`;
}

/** Of who may not see secrets the reasons, which name what was typed, are left out. */
const plainAttack = (sql: string, sees_secrets: boolean): string =>
  sees_secrets ? sql : `SELECT * REPLACE ('{}' AS facts, '{"evidence":[]}' AS evidence) FROM (${sql})`;

/** @returns the rows of a table that are seen, as a SELECT */
function tableSql(table: string, columns: readonly Column[], visibility: Visibility): string {
  const { stretches, sees_secrets } = visibility;
  if (table === 'attack') return plainAttack(attackSql(visibility), sees_secrets);
  if (table === 'incident') return incidentSql(visibility);
  if (table === 'incident_attack') return incidentAttackSql(visibility);
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  const select = `SELECT *${maskSql(table, columns, visibility)} FROM apiary.${table}`;
  const final = table === 'attribution' ? `SELECT * FROM apiary.${table} FINAL` : select;
  if (/_(local|stored|view)$/.test(table)) return `${select} WHERE false`;
  if (stretches === null) return final;
  const detected = { sensor: 'sensor_id', from: 'detect_ts', to: 'detect_ts' };
  if (table === 'event') return `${select} WHERE ${stretchesSql(stretches, detected)}`;
  const whole = wholeStretches(stretches);
  if (table === 'attribution' || isRecords(columns)) return `${final} WHERE ${stretchesSql(whole, detected)}`;
  if (table === 'expired_count') {
    const day = { sensor: 'sensor_id', from: 'toDateTime(day)', to: 'toDateTime(day + 1)' };
    return `${select} WHERE ${stretchesSql(whole, day)}`;
  }
  // Numbers only; who reads them joins them with what is seen.
  if (table === 'attack_event' && has('sensor_id')) {
    const numbers = [...new Set(stretches.map(({ sensor_id }) => sensor_id))];
    return `${select} WHERE sensor_id IN (${numbers.length === 0 ? 'NULL' : numbers.join(', ')})`;
  }
  return `${select} WHERE false`;
}

const needs: Record<string, readonly string[]> = {
  incident: ['attack'],
  incident_attack: ['attack'],
};

/** A text in quotes, or a name with the database before it and FINAL behind it. */
const words = /'(?:[^'\\]|\\.|'')*'|(`?)\b(?:apiary\.`?)?([A-Za-z_]\w*)\b\1(\s+FINAL\b)?/g;

/** @returns the statement over what is seen of the tables that it names */
export function restrictSql(sql: string, tables: Tables, visibility: Visibility): string {
  const describe = /^DESCRIBE \(([\s\S]*)\)$/.exec(sql)?.[1];
  if (describe !== undefined) return `DESCRIBE (${restrictSql(describe, tables, visibility)})`;
  const named = new Set<string>();
  const plain = sql.replace(words, (text, _quote: string, name: string | undefined) => {
    if (name === undefined || !tables.has(name)) return text;
    for (const needed of needs[name] ?? []) named.add(needed);
    named.add(name);
    return name;
  });
  if (named.size === 0) return sql;
  // Those that others are made of come first.
  const order = [...named].sort((a, b) => Number(a in needs) - Number(b in needs));
  const list = order.map((name) => `${name} AS (${tableSql(name, tables.get(name) ?? [], visibility)})`);
  // A statement with a WITH of its own stands inside, so that its names and ours do not meet.
  const inside = /^\s*(?:WITH\b|\()/i.test(plain) ? `SELECT * FROM (${plain})` : plain;
  return `WITH ${list.join(', ')} ${inside}`;
}

/** The tables of the engine are looked up again after this long: a submodule may have brought one. */
const tables_kept_ms = 60_000;
const known_tables = new WeakMap<Reader, { tables: Promise<Tables>; until_ms: number }>();

async function readTables(store: Reader): Promise<Tables> {
  const rows = await store.query<Column & { table: string }>(
    "SELECT table, name, type FROM system.columns WHERE database = 'apiary' ORDER BY table, position",
  );
  return new Map(Map.groupBy(rows, ({ table }) => table));
}

function tablesOf(store: Reader): Promise<Tables> {
  const known = known_tables.get(store);
  if (known !== undefined && known.until_ms > Date.now()) return known.tables;
  const tables = readTables(store);
  known_tables.set(store, { tables, until_ms: Date.now() + tables_kept_ms });
  // What could not be read now is read again for the next who asks.
  tables.catch(() => known_tables.delete(store));
  return tables;
}

export function restrictReader(store: Reader, visibility: Visibility): Reader {
  const restrict = async (sql: string): Promise<string> =>
    restrictSql(sql, await tablesOf(store), visibility);
  return {
    query: async (sql, params, limits) => store.query(await restrict(sql), params, limits),
    queryBytes: async (sql, format, params, limits) =>
      store.queryBytes(await restrict(sql), format, params, limits),
    // It reads nothing.
    syntaxTree: (statement) => store.syntaxTree(statement),
  };
}
