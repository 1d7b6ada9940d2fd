/** The attacks of an incident over time, each as a bar in the lane of every sensor that saw it. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useNames } from './names.ts';
import { Time } from './time.tsx';

const lanes_max = 20;
/** A bar that is narrower could not be hit. */
const percent_min = 0.6;

export function IncidentTimeline({ data }: { data: Incident }) {
  const names = useNames();
  const { incident, attacks } = data;
  const begin = Date.parse(incident.first_ts);
  const span = Math.max(Date.parse(incident.last_ts) - begin, 1);
  const place = (iso: string): number => ((Date.parse(iso) - begin) / span) * (100 - percent_min);
  const sensors = [...new Set(attacks.flatMap((attack) => attack.sensors))].sort((a, b) =>
    names.sensor(a).localeCompare(names.sensor(b)),
  );
  return (
    <>
      <section className="incident-lanes" aria-label="Attacks over time, by sensor">
        {sensors.slice(0, lanes_max).map((sensor_id) => (
          <div className="incident-lane" key={sensor_id}>
            <span className="incident-lane-name" title={names.sensor(sensor_id)}>
              {names.sensor(sensor_id)}
            </span>
            <span className="incident-bars">
              {attacks
                .filter(({ sensors: seen }) => seen.includes(sensor_id))
                .map((attack) => {
                  const left = place(attack.first_ts);
                  const width = Math.max(place(attack.last_ts) - left, percent_min);
                  return (
                    // The table below has the same links in order, so that the keyboard need not go through both.
                    <Link
                      key={attack.attack_id}
                      to="/attacks/$id"
                      params={{ id: attack.attack_id }}
                      tabIndex={-1}
                      className="incident-bar"
                      data-rank={stageRank(attack.stage)}
                      style={{ left: `${left}%`, width: `${width}%` }}
                      title={`${attack.source}, ${attack.service || 'service not known'}: ${attack.stage}, ${attack.first_ts.slice(0, 19)}Z to ${attack.last_ts.slice(0, 19)}Z`}
                      aria-label={`Attack from ${attack.source}`}
                    />
                  );
                })}
            </span>
          </div>
        ))}
      </section>
      <div className="incident-lane-ends dim">
        <Time time={incident.first_ts} />
        <span className="incident-lane-keys">
          {stages.map(({ name }, rank) => (
            <span key={name}>
              <i className="incident-bar" data-rank={rank} /> {name}
            </span>
          ))}
        </span>
        <Time time={incident.last_ts} />
      </div>
      {sensors.length > lanes_max && (
        <Text size="xs" c="dimmed">
          and {sensors.length - lanes_max} more sensors
        </Text>
      )}
    </>
  );
}
