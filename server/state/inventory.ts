/**
 * What people tell about their honeynets and honeypots. Everything that holds from one moment to another is
 * kept as stretches: a new assignment ends the one before at a given moment, and what lies before it stays.
 */
import type { KnownSource, SetHoneynet, SetHoneypot } from '@apiary/model/api/inventory.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

/** A stretch of time; `valid_to_ms` null means "still". */
export interface Stretch {
  valid_from_ms: number;
  valid_to_ms: number | null;
}

export const overlaps = (a: Stretch, b: Stretch): boolean =>
  (a.valid_to_ms === null || a.valid_to_ms > b.valid_from_ms) &&
  (b.valid_to_ms === null || b.valid_to_ms > a.valid_from_ms);

type AssignmentTable = 'honeypot_address' | 'honeypot_honeynet' | 'sensor_collector' | 'sensor_honeypot';
type Keys = Record<string, string | number>;

const where = (keys: Keys): string =>
  Object.keys(keys)
    .map((key) => `${key} = ?`)
    .join(' AND ');

/**
 * Begins an assignment at `from_ms`. Stretches of `scope` that are open then end there.
 * @param scope columns of which only one value may hold at a time, e.g. {sensor_id}
 * @param target the rest of the columns
 * @throws OperationalError conflict where a stretch of the scope begins or ends after `from_ms`: the past is
 *   not rewritten
 */
function beginAssignment(
  state: StateDatabase,
  table: AssignmentTable,
  scope: Keys,
  target: Keys,
  from_ms: number,
): void {
  const stretches = state.all<Stretch>(
    `SELECT valid_from_ms, valid_to_ms FROM ${table} WHERE ${where(scope)}`,
    ...Object.values(scope),
  );
  const later = stretches.find(
    (stretch) =>
      stretch.valid_from_ms >= from_ms || (stretch.valid_to_ms !== null && stretch.valid_to_ms > from_ms),
  );
  if (later !== undefined) {
    const until = later.valid_to_ms === null ? 'on' : `to ${new Date(later.valid_to_ms).toISOString()}`;
    throw new OperationalError(
      'conflict',
      `from_ms ${new Date(from_ms).toISOString()} overlaps the assignment that holds from ${new Date(later.valid_from_ms).toISOString()} ${until}`,
      { field: 'from_ms', value: from_ms, overlaps: later },
    );
  }
  state.run(
    `UPDATE ${table} SET valid_to_ms = ? WHERE ${where(scope)} AND valid_to_ms IS NULL`,
    from_ms,
    ...Object.values(scope),
  );
  const row = { ...scope, ...target, valid_from_ms: from_ms };
  state.run(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row).fill('?').join(', ')})`,
    ...Object.values(row),
  );
}

/** Ends the open stretch of `keys` at `to_ms`. @throws OperationalError not_found, conflict */
function endAssignment(state: StateDatabase, table: AssignmentTable, keys: Keys, to_ms: number): void {
  const open = state.get<Stretch>(
    `SELECT valid_from_ms, valid_to_ms FROM ${table} WHERE ${where(keys)} AND valid_to_ms IS NULL`,
    ...Object.values(keys),
  );
  if (open === undefined)
    throw new OperationalError('not_found', 'there is no such assignment that still holds');
  if (to_ms <= open.valid_from_ms)
    throw new OperationalError(
      'conflict',
      `to_ms ${new Date(to_ms).toISOString()} is not after its begin ${new Date(open.valid_from_ms).toISOString()}`,
      { field: 'to_ms', value: to_ms },
    );
  state.run(
    `UPDATE ${table} SET valid_to_ms = ? WHERE ${where(keys)} AND valid_to_ms IS NULL`,
    to_ms,
    ...Object.values(keys),
  );
}

type Named = 'honeynet' | 'honeypot' | 'sensor';

function requireRow(state: StateDatabase, table: Named, id: number): { name: string } {
  const row = state.get<{ name: string }>(`SELECT name FROM ${table} WHERE ${table}_id = ?`, id);
  if (row === undefined) throw new OperationalError('not_found', `there is no ${table} ${id}`);
  return row;
}

function requireFreeName(state: StateDatabase, table: Named, name: string, except_id: number | null): void {
  const row = state.get<{ id: number }>(`SELECT ${table}_id AS id FROM ${table} WHERE name = ?`, name);
  if (row !== undefined && row.id !== except_id)
    throw new OperationalError('conflict', `name: the ${table} ${name} exists`, {
      field: 'name',
      value: name,
    });
}

/** @param honeynet_id null makes a new one */
export function setHoneynet(
  state: StateDatabase,
  actor: string,
  honeynet_id: number | null,
  honeynet: SetHoneynet,
): number {
  const verb = honeynet_id === null ? 'add honeynet' : 'change honeynet';
  return state.change(actor, verb, honeynet.name, { ...honeynet, honeynet_id }, () => {
    if (honeynet_id !== null) requireRow(state, 'honeynet', honeynet_id);
    requireFreeName(state, 'honeynet', honeynet.name, honeynet_id);
    const values = [honeynet.name, honeynet.owners, honeynet.description];
    if (honeynet_id === null)
      return state.run('INSERT INTO honeynet (name, owners, description) VALUES (?, ?, ?)', ...values).id;
    state.run(
      'UPDATE honeynet SET name = ?, owners = ?, description = ? WHERE honeynet_id = ?',
      ...values,
      honeynet_id,
    );
    return honeynet_id;
  });
}

/** @param honeypot_id null makes a new one */
export function setHoneypot(
  state: StateDatabase,
  actor: string,
  honeypot_id: number | null,
  honeypot: SetHoneypot,
): number {
  const verb = honeypot_id === null ? 'add honeypot' : 'change honeypot';
  return state.change(actor, verb, honeypot.name, { ...honeypot, honeypot_id }, () => {
    if (honeypot_id !== null) requireRow(state, 'honeypot', honeypot_id);
    requireFreeName(state, 'honeypot', honeypot.name, honeypot_id);
    const values = [
      honeypot.name,
      honeypot.interaction,
      honeypot.role,
      honeypot.location,
      honeypot.latitude,
      honeypot.longitude,
      honeypot.description,
    ];
    const id =
      honeypot_id ??
      state.run(
        'INSERT INTO honeypot (name, interaction, role, location, latitude, longitude, description) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...values,
      ).id;
    state.run(
      `UPDATE honeypot SET name = ?, interaction = ?, role = ?, location = ?, latitude = ?, longitude = ?, description = ?,
       retired_ms = CASE WHEN ? THEN coalesce(retired_ms, ?) END WHERE honeypot_id = ?`,
      ...values,
      honeypot.retired ? 1 : 0,
      Date.now(),
      id,
    );
    setServices(state, id, honeypot.services);
    return id;
  });
}

function setServices(state: StateDatabase, honeypot_id: number, services: SetHoneypot['services']): void {
  state.run('DELETE FROM honeypot_service WHERE honeypot_id = ?', honeypot_id);
  for (const { service, transport, port, vulnerability } of services) {
    const known = state.get(
      'SELECT 1 FROM honeypot_service WHERE honeypot_id = ? AND service = ? AND transport = ? AND port = ?',
      honeypot_id,
      service,
      transport,
      port,
    );
    if (known !== undefined)
      throw new OperationalError('conflict', `services: ${service} ${transport}/${port} stands there twice`, {
        field: 'services',
        value: `${service} ${transport}/${port}`,
      });
    state.run(
      'INSERT INTO honeypot_service (honeypot_id, service, transport, port, vulnerability) VALUES (?, ?, ?, ?, ?)',
      honeypot_id,
      service,
      transport,
      port,
      vulnerability,
    );
  }
}

/** From `from_ms` on the honeypot has this address. An address belongs to one honeypot of a honeynet at a time; private ones may repeat between honeynets, so that is not checked. */
export function addAddress(
  state: StateDatabase,
  actor: string,
  honeypot_id: number,
  { address, side, from_ms }: { address: string; side: 'inner' | 'public'; from_ms: number },
): void {
  const { name } = requireRow(state, 'honeypot', honeypot_id);
  state.change(actor, 'add address', name, { address, side, from_ms }, () => {
    const open = state.get(
      'SELECT 1 FROM honeypot_address WHERE honeypot_id = ? AND address = ? AND side = ? AND (valid_to_ms IS NULL OR valid_to_ms > ?)',
      honeypot_id,
      address,
      side,
      from_ms,
    );
    if (open !== undefined)
      throw new OperationalError(
        'conflict',
        `address: ${name} has ${address} (${side}) at that time already`,
        {
          field: 'address',
          value: address,
        },
      );
    beginAssignment(state, 'honeypot_address', { honeypot_id, address, side }, {}, from_ms);
  });
}

export function endAddress(
  state: StateDatabase,
  actor: string,
  honeypot_id: number,
  { address, side, to_ms }: { address: string; side: 'inner' | 'public'; to_ms: number },
): void {
  const { name } = requireRow(state, 'honeypot', honeypot_id);
  state.change(actor, 'end address', name, { address, side, to_ms }, () =>
    endAssignment(state, 'honeypot_address', { honeypot_id, address, side }, to_ms),
  );
}

/** A honeypot may stand in several honeynets at once. */
export function joinHoneynet(
  state: StateDatabase,
  actor: string,
  honeypot_id: number,
  honeynet_id: number,
  from_ms: number,
): void {
  const { name } = requireRow(state, 'honeypot', honeypot_id);
  requireRow(state, 'honeynet', honeynet_id);
  state.change(actor, 'join honeynet', name, { honeynet_id, from_ms }, () => {
    const open = state.get(
      'SELECT 1 FROM honeypot_honeynet WHERE honeypot_id = ? AND honeynet_id = ? AND valid_to_ms IS NULL',
      honeypot_id,
      honeynet_id,
    );
    if (open !== undefined)
      throw new OperationalError('conflict', `${name} stands in that honeynet already`, {
        field: 'honeynet_id',
        value: honeynet_id,
      });
    beginAssignment(state, 'honeypot_honeynet', { honeypot_id, honeynet_id }, {}, from_ms);
  });
}

export function leaveHoneynet(
  state: StateDatabase,
  actor: string,
  honeypot_id: number,
  honeynet_id: number,
  to_ms: number,
): void {
  const { name } = requireRow(state, 'honeypot', honeypot_id);
  state.change(actor, 'leave honeynet', name, { honeynet_id, to_ms }, () =>
    endAssignment(state, 'honeypot_honeynet', { honeypot_id, honeynet_id }, to_ms),
  );
}

/** From `from_ms` on the sensor watches this honeypot: alone, or `beside` the others that it watches. */
export function assignHoneypot(
  state: StateDatabase,
  actor: string,
  sensor_id: number,
  { honeypot_id, from_ms, beside }: { honeypot_id: number; from_ms: number; beside: boolean },
): void {
  const { name } = requireRow(state, 'sensor', sensor_id);
  requireRow(state, 'honeypot', honeypot_id);
  state.change(actor, 'assign honeypot', name, { honeypot_id, from_ms, beside }, () => {
    if (beside) beginAssignment(state, 'sensor_honeypot', { sensor_id, honeypot_id }, {}, from_ms);
    else beginAssignment(state, 'sensor_honeypot', { sensor_id }, { honeypot_id }, from_ms);
  });
}

export function endHoneypot(
  state: StateDatabase,
  actor: string,
  sensor_id: number,
  honeypot_id: number,
  to_ms: number,
): void {
  const { name } = requireRow(state, 'sensor', sensor_id);
  state.change(actor, 'end honeypot', name, { honeypot_id, to_ms }, () =>
    endAssignment(state, 'sensor_honeypot', { sensor_id, honeypot_id }, to_ms),
  );
}

export function describeSensor(
  state: StateDatabase,
  actor: string,
  sensor_id: number,
  description: string,
): void {
  const { name } = requireRow(state, 'sensor', sensor_id);
  state.change(actor, 'describe sensor', name, { description }, () =>
    state.run('UPDATE sensor SET description = ? WHERE sensor_id = ?', description, sensor_id),
  );
}

/** @throws OperationalError conflict where the network is listed */
export function addKnownSource(
  state: StateDatabase,
  actor: string,
  source: { network: string; kind: KnownSource['kind']; name: string },
): void {
  state.change(actor, 'add known source', source.network, { ...source }, () => {
    if (state.get('SELECT 1 FROM known_source WHERE network = ?', source.network) !== undefined)
      throw new OperationalError('conflict', `network: ${source.network} is listed`, {
        field: 'network',
        value: source.network,
      });
    state.run(
      'INSERT INTO known_source (network, kind, name, since_ms) VALUES (?, ?, ?, ?)',
      source.network,
      source.kind,
      source.name,
      Date.now(),
    );
  });
}

export function removeKnownSource(state: StateDatabase, actor: string, network: string): void {
  state.change(actor, 'remove known source', network, {}, () => {
    if (state.run('DELETE FROM known_source WHERE network = ?', network).changes === 0)
      throw new OperationalError('not_found', `there is no known source ${network}`);
  });
}
