/** Where the attacks of an incident came from: countries and networks. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { countryName } from './names.ts';
import { Sheet } from './sheet.tsx';

const number = new Intl.NumberFormat('en');
const shown_max = 20;

/** The time of an incident; a period's end does not belong to it. */
export const periodOf = ({ first_ts, last_ts }: Incident['incident']): { from: string; to: string } => ({
  from: first_ts,
  to: new Date(Date.parse(last_ts) + 1).toISOString(),
});

export function IncidentPlaces({ data }: { data: Incident }) {
  const { incident, attacks } = data;
  const period = periodOf(incident);
  const places = [
    ...Map.groupBy(attacks, ({ attacker_country, attacker_asn }) => `${attacker_country} ${attacker_asn}`),
  ]
    .map(([key, list]) => ({
      key,
      country: list[0]!.attacker_country,
      asn: list[0]!.attacker_asn,
      attacks: list.length,
      sources: new Set(list.map(({ source }) => source)).size,
    }))
    .sort((a, b) => b.attacks - a.attacks || a.asn - b.asn);
  return (
    <>
      <Sheet
        heads={[
          'Country',
          'Network',
          { title: 'Sources', is_number: true },
          { title: 'Attacks', is_number: true },
        ]}
      >
        {places.slice(0, shown_max).map(({ key, country, asn, attacks: count, sources }) => (
          <tr key={key}>
            <td>{countryName(country)}</td>
            <td>
              {asn === 0 ? (
                <span className="dim">not known</span>
              ) : (
                <Link to="/events" search={{ ...period, attacker_asn: String(asn) }}>
                  AS{asn}
                </Link>
              )}
            </td>
            <td className="number">{number.format(sources)}</td>
            <td className="number">{number.format(count)}</td>
          </tr>
        ))}
      </Sheet>
      {places.length > shown_max && (
        <Text size="xs" c="dimmed">
          and {places.length - shown_max} more
        </Text>
      )}
    </>
  );
}
