/** Attacks as linking has them: each incident is a tree whose root knows its members. */

export interface LinkedAttack {
  attack_id: string;
  source: string;
  first_us: number;
}

export interface LinkedNode extends LinkedAttack {
  /** Place among the nodes of the steps. */
  place: number;
  parent: LinkedNode | null;
  /** Of a root: its attacks, none named where it is alone; and the earliest of them. */
  members: LinkedNode[];
  earliest: LinkedNode;
  /** Place of the step that found the newest of what it shares with earlier attacks; -1 where none did. */
  last_link: number;
  /** Places of the steps whose links brought it into its incident; null where nothing did. */
  reasons: number[] | null;
  /** Slot of the first of its steps; -1 where there is none. */
  first_slot: number;
  /** Its incident, as it was told last. */
  told: string | undefined;
}

/** Most attacks stay alone: they share this list, which nobody changes. */
export const alone: LinkedNode[] = [];

export const membersOf = (root: LinkedNode): readonly LinkedNode[] =>
  root.members === alone ? [root] : root.members;

export function newNode({ attack_id, source, first_us }: LinkedAttack, place: number): LinkedNode {
  // Written out, as what is put together of other objects takes twice the room.
  const node: Omit<LinkedNode, 'earliest'> & { earliest: LinkedNode | null } = {
    attack_id,
    source,
    first_us,
    place,
    parent: null,
    members: alone,
    earliest: null,
    last_link: -1,
    reasons: null,
    first_slot: -1,
    told: undefined,
  };
  node.earliest = node as LinkedNode;
  return node as LinkedNode;
}

/** As if no step had been taken. */
export function setApart(node: LinkedNode): void {
  node.parent = null;
  node.members = alone;
  node.earliest = node;
  node.last_link = -1;
  node.reasons = null;
}

export function findRoot(node: LinkedNode): LinkedNode {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

export const isEarlier = (a: LinkedAttack, b: LinkedAttack): boolean =>
  a.first_us < b.first_us || (a.first_us === b.first_us && a.attack_id < b.attack_id);
