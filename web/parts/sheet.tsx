/**
 * A table. On a phone the cells of a row of more columns than fit stand one after the other, each behind the name of its
 * column, so that none lies beyond the edge.
 */
import type { CSSProperties, ReactNode } from 'react';

export interface Head {
  title: string;
  /** What the column means. */
  hint?: string | undefined;
  is_number?: boolean;
}

interface SheetProps {
  /** A number where the columns have no names, because their cells say what they are. */
  heads: readonly (string | Head)[] | number;
  className?: string;
  caption?: string;
  children: ReactNode;
}

/** More of them do not fit a phone. */
const fitting_columns_max = 3;
/** The style sheet names so many cells by their place; those of wider tables bear the name: `data-head`. */
const placed_columns_max = 12;

export function Sheet({ heads, className = '', caption, children }: SheetProps) {
  const columns =
    typeof heads === 'number' ? [] : heads.map((head) => (typeof head === 'string' ? { title: head } : head));
  const count = typeof heads === 'number' ? heads : heads.length;
  const names = columns
    .slice(0, placed_columns_max)
    .map(({ title }, index) => [`--head-${index + 1}`, JSON.stringify(title)]);
  return (
    <div className="table-scroll">
      <table
        className={`dense sheet ${count > fitting_columns_max ? 'breaks' : ''} ${className}`}
        style={Object.fromEntries(names) as CSSProperties}
      >
        {caption !== undefined && <caption>{caption}</caption>}
        {columns.length > 0 && (
          <thead>
            <tr>
              {columns.map(({ title, hint, is_number }: Head, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their order, and names may repeat
                <th key={index} title={hint} className={is_number === true ? 'number' : ''}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
