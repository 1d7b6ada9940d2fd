/** Sensors, collectors and known sources of the inventory. */
import type { Inventory, Sensor } from '@apiary/model/api/inventory.ts';
import { import_collector_name } from '@apiary/model/import.ts';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { send } from '../api.ts';
import { AssignForm, EndForm } from './assignment-forms.tsx';
import { useFind } from './find-field.tsx';
import { DescribeForm, KnownSourceForm } from './inventory-forms.tsx';
import { Act, Holds, type ListProps, rows_at_once, shows } from './inventory-sheet.tsx';
import { useRows } from './more-rows.tsx';
import { Sheet } from './sheet.tsx';
import { Empty, Problem } from './state-boxes.tsx';
import { Time } from './time.tsx';

function SensorRow({ sensor, inventory, may_change, open, past }: ListProps & { sensor: Sensor }) {
  const collectors = new Map(inventory.collectors.map(({ collector_id, name }) => [collector_id, name]));
  const honeypots = new Map(inventory.honeypots.map(({ honeypot_id, name }) => [honeypot_id, name]));
  return (
    <tr>
      <td>
        <Link to="/" search={{ sensor: String(sensor.sensor_id) }}>
          {sensor.name}
        </Link>{' '}
        <span className="dim">{sensor.type}</span>
        {sensor.retired_ms !== null && <span className="dim">, retired</span>}
      </td>
      <td>
        {sensor.honeypots.filter(shows(past)).map((one) => (
          <div key={`${one.honeypot_id} ${one.valid_from_ms}`}>
            {honeypots.get(one.honeypot_id)} <Holds stretch={one} />
            {one.valid_to_ms === null && (
              <Act
                may_change={may_change}
                title="End"
                onClick={() =>
                  open((close) => (
                    <EndForm
                      title={`${sensor.name} no longer watches ${honeypots.get(one.honeypot_id)}`}
                      path={`/sensors/${sensor.sensor_id}/honeypots/${one.honeypot_id}/end`}
                      onClose={close}
                    />
                  ))
                }
              />
            )}
          </div>
        ))}
        <Act
          may_change={may_change && inventory.honeypots.length > 0}
          title="Assign honeypot"
          onClick={() =>
            open((close) => <AssignForm sensor={sensor} inventory={inventory} onClose={close} />)
          }
        />
      </td>
      <td>
        {sensor.collectors.filter(shows(past)).map((one) => (
          <div key={`${one.collector_id} ${one.valid_from_ms}`}>
            {collectors.get(one.collector_id)} <Holds stretch={one} />
          </div>
        ))}
      </td>
      <td>
        {sensor.description}
        <Act
          may_change={may_change}
          title="Describe"
          onClick={() => open((close) => <DescribeForm sensor={sensor} onClose={close} />)}
        />
      </td>
    </tr>
  );
}

export function SensorsList(props: ListProps) {
  const names = new Map(props.inventory.honeypots.map(({ honeypot_id, name }) => [honeypot_id, name]));
  const { found, field } = useFind(props.inventory.sensors, 'a sensor', (sensor) =>
    [
      sensor.name,
      sensor.type,
      sensor.description,
      ...sensor.honeypots.map((one) => names.get(one.honeypot_id)),
    ].join(' '),
  );
  const { shown, more } = useRows(found, rows_at_once);
  if (props.inventory.sensors.length === 0)
    return (
      <Empty title="No sensors">
        On the server: npm run -s apiary -- sensor add NAME TYPE --collector COLLECTOR
      </Empty>
    );
  return (
    <>
      {field}
      <Sheet heads={['Sensor', 'Honeypots', 'Collector', 'Description']}>
        {shown.map((sensor) => (
          <SensorRow key={sensor.sensor_id} sensor={sensor} {...props} />
        ))}
      </Sheet>
      {more}
    </>
  );
}

/** Names of the sensors that each collector has now. */
function sensorsByCollector({ sensors }: Inventory): Map<number, string[]> {
  const by_collector = new Map<number, string[]>();
  for (const { name, collectors } of sensors)
    for (const { collector_id, valid_to_ms } of collectors)
      if (valid_to_ms === null)
        by_collector.set(collector_id, [...(by_collector.get(collector_id) ?? []), name]);
  return by_collector;
}

export function CollectorsList({ inventory }: ListProps) {
  const sensors = sensorsByCollector(inventory);
  const { found, field } = useFind(inventory.collectors, 'a collector', ({ collector_id, name, lives_in }) =>
    [name, lives_in, ...(sensors.get(collector_id) ?? [])].join(' '),
  );
  const { shown, more } = useRows(found, rows_at_once);
  if (inventory.collectors.length === 0)
    return <Empty title="No collectors">On the server: npm run -s apiary -- collector add NAME</Empty>;
  return (
    <>
      {field}
      <Sheet heads={['Collector', 'Lives in', 'Sensors', 'Since', 'State']}>
        {shown.map((one) => (
          <tr key={one.collector_id}>
            <td>{one.name}</td>
            <td>{one.lives_in}</td>
            <td>{(sensors.get(one.collector_id) ?? []).join(', ')}</td>
            <td>
              <Time time={one.created_ms} />
            </td>
            <td>
              {one.revoked_ms === null ? (
                'in use'
              ) : one.name === import_collector_name ? (
                'between imports'
              ) : (
                <>
                  revoked <Time time={one.revoked_ms} />
                </>
              )}
            </td>
          </tr>
        ))}
      </Sheet>
      {more}
    </>
  );
}

export function KnownSources({ inventory, may_change, open }: ListProps) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (network: string) => send('DELETE', `/known_sources?network=${encodeURIComponent(network)}`),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <>
      <Act
        may_change={may_change}
        title="New known source"
        onClick={() => open((close) => <KnownSourceForm onClose={close} />)}
      />
      {remove.error !== null && <Problem error={remove.error} trying_again={false} />}
      {inventory.known_sources.length === 0 ? (
        <Empty title="No known sources">
          Name the gateways that hide many attackers behind one address, and your own scanners: their events
          are marked and can be left out.
        </Empty>
      ) : (
        <Sheet heads={['Network', 'Kind', 'Name', 'Since', '']}>
          {inventory.known_sources.map((one) => (
            <tr key={one.network}>
              <td>
                <Link to="/events" search={{ attacker_ip: one.network }}>
                  {one.network}
                </Link>
              </td>
              <td>{one.kind === 'gateway' ? 'gateway' : 'own scanner'}</td>
              <td>{one.name}</td>
              <td>
                <Time time={one.since_ms} />
              </td>
              <td>
                <Act may_change={may_change} title="Remove" onClick={() => remove.mutate(one.network)} />
              </td>
            </tr>
          ))}
        </Sheet>
      )}
    </>
  );
}
