/** Techniques of MITRE ATT&CK under their tactics, with the number of attacks that show each. */
import { findTechnique, tactics } from '@apiary/model/attack-techniques.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { Link } from '@tanstack/react-router';

/** @param shown the techniques of each attack; `period` in which others are sought that show them */
export function AttackMatrix({
  shown,
  period,
}: {
  shown: readonly (readonly string[])[];
  period: { from: string; to: string };
}) {
  const counts = new Map<string, number>();
  for (const list of shown) for (const id of list) counts.set(id, (counts.get(id) ?? 0) + 1);
  const ids = [...counts.keys()].sort();
  const columns = [...tactics, undefined].flatMap((tactic) => {
    const own = ids.filter((id) => findTechnique(id)?.tactic === tactic);
    return own.length === 0 ? [] : [{ title: tactic?.replaceAll('-', ' ') ?? 'other', own }];
  });
  return (
    <div className="matrix">
      {columns.map(({ title, own }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {own.map((id) => (
              <li key={id} title={countOf(counts.get(id)!, 'attack')}>
                <Link to="/attacks" search={{ ...period, technique: id }}>
                  {id}
                </Link>{' '}
                {findTechnique(id)?.name} <span className="dim figure">{counts.get(id)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
