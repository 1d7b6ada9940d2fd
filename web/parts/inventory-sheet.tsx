/** What the lists of the inventory share: what may be done, and from when to when something holds. */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Time } from './time.tsx';

export interface ListProps {
  inventory: Inventory;
  /** Viewers look only. */
  may_change: boolean;
  /** Opens a dialogue; it is given what closes it. */
  open: (form: (close: () => void) => ReactNode) => void;
  /** Whether stretches that have ended are shown. */
  past: boolean;
}

/** Rows of a list of the inventory that are shown at first. */
export const rows_at_once = 200;

interface Stretch {
  valid_from_ms: number;
  valid_to_ms: number | null;
}

export function Holds({ stretch }: { stretch: Stretch }) {
  return (
    <span className="dim small">
      {stretch.valid_from_ms === 0 ? (
        'always'
      ) : (
        <>
          from <Time time={stretch.valid_from_ms} />
        </>
      )}
      {stretch.valid_to_ms !== null && (
        <>
          {' '}
          to <Time time={stretch.valid_to_ms} />
        </>
      )}
    </span>
  );
}

export const shows = (past: boolean) => (stretch: Stretch) => past || stretch.valid_to_ms === null;

export function Act({
  may_change,
  title,
  onClick,
}: {
  may_change: boolean;
  title: string;
  onClick: () => void;
}) {
  if (!may_change) return null;
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      {title}
    </Button>
  );
}
