/** Attacks as rows: {tool, vulnerability, events}, and what ties each to earlier ones. */
import type { Attack, Incident } from '@apiary/model/api/incidents.ts';
import { Button, Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { HostileText } from './hostile-text.tsx';
import { kind_titles } from './link-kinds.ts';
import { useNames } from './names.ts';
import { Sheet } from './sheet.tsx';
import { StageMark } from './stage-mark.tsx';
import { Time } from './time.tsx';

const number = new Intl.NumberFormat('en');
const reasons_shown = 3;
/** What lies below them must not be far away. */
const rows_shown_first = 25;

function Links({ links }: { links: Incident['attacks'][number]['links'] }) {
  const best = [...links].sort((a, b) => b.weight - a.weight).slice(0, reasons_shown);
  return (
    <>
      {best.map(({ kind, value, weight, to }) => (
        <div className="links" key={`${kind} ${value} ${to}`}>
          <Link to="/attacks/$id" params={{ id: to }} title={`weight ${weight.toFixed(2)}`}>
            {kind_titles[kind] ?? kind}
          </Link>{' '}
          {!['source', 'relay', 'script', 'sequence', 'near', 'credentials', 'print'].includes(kind) && (
            <HostileText text={value} limit={40} />
          )}
        </div>
      ))}
    </>
  );
}

type Row = Attack & {
  links?: Incident['attacks'][number]['links'];
  /** Where the list is not that of one incident. */
  incident_number?: number | null;
};

/** Marks for what can be done with some of the attacks. */
export interface Choosing {
  chosen: ReadonlySet<string>;
  toggle: (attack_id: string) => void;
}

export function AttackTable({
  attacks,
  choosing,
  rows_at_once = rows_shown_first,
}: {
  attacks: readonly Row[];
  choosing?: Choosing | undefined;
  rows_at_once?: number;
}) {
  const names = useNames();
  const [shown, setShown] = useState(rows_at_once);
  const has_links = attacks.some(({ links }) => links !== undefined && links.length > 0);
  const has_incidents = attacks.some(({ incident_number }) => incident_number !== undefined);
  const heads = [
    ...(choosing === undefined ? [] : ['']),
    ...['First', 'Source', 'Tool', 'Vulnerability', 'How far', 'Sensors'],
    { title: 'Events', is_number: true },
    ...(has_links ? ['Tied to earlier attacks by'] : []),
    ...(has_incidents ? ['Incident'] : []),
  ];
  return (
    <>
      <Sheet heads={heads}>
        {attacks.slice(0, shown).map((attack) => (
          <tr key={attack.attack_id}>
            {choosing !== undefined && (
              <td>
                <Checkbox
                  size="xs"
                  aria-label={`Mark the attack of ${attack.source}`}
                  checked={choosing.chosen.has(attack.attack_id)}
                  onChange={() => choosing.toggle(attack.attack_id)}
                />
              </td>
            )}
            <td className="nowrap">
              <Link to="/attacks/$id" params={{ id: attack.attack_id }}>
                <Time time={attack.first_ts} />
              </Link>
            </td>
            <td className="nowrap">
              <Link to="/sources/$address" params={{ address: attack.attacker_ip }} search={{ last: '365d' }}>
                {attack.source}
              </Link>{' '}
              <span className="dim">{attack.attacker_country}</span>
            </td>
            <td>
              {attack.tool}
              {attack.families.length > 0 && <span className="dim"> · {attack.families.join(', ')}</span>}
            </td>
            <td>
              {attack.service || <span className="dim">service not known</span>}
              {attack.cve !== '' && ` · ${attack.cve}`}
              <span className="dim"> · {attack.weakness}</span>
            </td>
            <td>
              <StageMark stage={attack.stage} />
            </td>
            <td title={attack.sensors.map(names.sensor).join(', ')}>
              {names.sensor(attack.sensors[0] ?? 0)}
              {attack.sensors.length > 1 && <span className="dim"> +{attack.sensors.length - 1}</span>}
            </td>
            <td className="number">
              <Link to="/attacks/$id" params={{ id: attack.attack_id }}>
                {number.format(attack.events)}
              </Link>
            </td>
            {has_links && (
              <td className="ties">
                <Links links={attack.links ?? []} />
              </td>
            )}
            {has_incidents && (
              <td className="nowrap">
                {typeof attack.incident_number === 'number' && (
                  <Link to="/incidents/$number" params={{ number: String(attack.incident_number) }}>
                    #{attack.incident_number}
                  </Link>
                )}
              </td>
            )}
          </tr>
        ))}
      </Sheet>
      {attacks.length > shown && (
        <Button size="xs" variant="default" mt="xs" onClick={() => setShown(shown + 4 * rows_at_once)}>
          Show more: {attacks.length - shown} attacks are left
        </Button>
      )}
    </>
  );
}
