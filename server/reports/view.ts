/**
 * What one asker works with: the engine, the inventory, and what they may see of both. Every query of a page starts from
 * a view, so that none can forget who asks: the engine of a view shows other people's rows to no statement.
 */
import type { User, UserRole } from '@apiary/model/api/account.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { honeynetsOf } from '../state/access.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory } from '../state/inventory-list.ts';
import type { Reader } from './count-by.ts';
import { restrictReader } from './restricted-reader.ts';
import { sees_everything, type Visibility, visibleInventory, visibleStretches } from './visibility.ts';
import { boundReader } from './within-answer.ts';

export interface View {
  /** Shows the rows that the asker may see, and marks where secrets would stand. */
  store: Reader;
  /** The control state, which shows everything: what a query takes from it, it narrows by the inventory. */
  state: StateDatabase;
  /** What the asker may see of it. */
  inventory: Inventory;
  visibility: Visibility;
}

/** What a filter is resolved against. */
export type Sight = Pick<View, 'inventory' | 'visibility'>;

/** The view of who sees everything: the command line's and the server's own. */
export const wholeView = (store: Reader, state: StateDatabase): View => ({
  store: boundReader(store),
  state,
  inventory: describeInventory(state),
  visibility: sees_everything,
});

/** @param roles only what the user sees in one of these roles */
export function viewOf(
  store: Reader,
  state: StateDatabase,
  user: Pick<User, 'role' | 'honeynets' | 'sees_secrets'>,
  roles?: readonly UserRole[],
): View {
  const inventory = describeInventory(state);
  const honeynets = honeynetsOf(user, roles);
  const { sees_secrets } = user;
  if (honeynets === null) {
    const visibility: Visibility = { stretches: null, sees_secrets };
    const reader = sees_secrets ? store : restrictReader(store, visibility);
    return { store: boundReader(reader), state, inventory, visibility };
  }
  const stretches = visibleStretches(inventory, honeynets);
  const visibility: Visibility = { stretches, sees_secrets };
  return {
    store: boundReader(restrictReader(store, visibility)),
    state,
    inventory: visibleInventory(inventory, honeynets, stretches),
    visibility,
  };
}

/** Numbers of the sensors that a view shows, or null where it shows all. */
export const seenSensors = ({ inventory, visibility }: Sight): ReadonlySet<number> | null =>
  visibility.stretches === null ? null : new Set(inventory.sensors.map(({ sensor_id }) => sensor_id));

/** @throws OperationalError forbidden */
export function requireSecrets({ visibility }: Pick<View, 'visibility'>, what: string): void {
  if (!visibility.sees_secrets)
    throw new OperationalError(
      'forbidden',
      `${what}: you may not see passwords, recordings and files; an administrator can permit it`,
    );
}
