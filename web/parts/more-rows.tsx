/** A list of thousands is shown some hundred rows at a time: a browser takes seconds for all of them. */
import { type ReactNode, useState } from 'react';

/** @returns the rows to show, and what stands below them where there are more */
export function useRows<T>(items: readonly T[], at_once: number): { shown: readonly T[]; more: ReactNode } {
  const [rows, setRows] = useState(at_once);
  return {
    shown: items.slice(0, rows),
    more: items.length > rows && (
      <button type="button" className="link-button" onClick={() => setRows(rows + 10 * at_once)}>
        Show more: {items.length - rows} are left
      </button>
    ),
  };
}
