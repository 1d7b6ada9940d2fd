/** What stands where, and from when to when. */
import type { Honeynet, Honeypot, Inventory, Sensor } from '@apiary/model/api/inventory.ts';
import { Button, Group, Switch, Table, Tabs, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { inventory_query, me_query, send } from '../api.ts';
import {
  AddressForm,
  AssignForm,
  DescribeForm,
  EndForm,
  HoneynetForm,
  HoneypotForm,
  JoinForm,
  KnownSourceForm,
} from '../parts/inventory-forms.tsx';
import { Empty, Problem, Waiting } from '../parts/state-boxes.tsx';
import { Time } from '../parts/time.tsx';

interface ListProps {
  inventory: Inventory;
  /** Viewers look only. */
  may_change: boolean;
  /** Opens a dialogue; it is given what closes it. */
  open: (form: (close: () => void) => ReactNode) => void;
  /** Whether stretches that have ended are shown. */
  past: boolean;
}

interface Stretch {
  valid_from_ms: number;
  valid_to_ms: number | null;
}

function Holds({ stretch }: { stretch: Stretch }) {
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

const shows = (past: boolean) => (stretch: Stretch) => past || stretch.valid_to_ms === null;

function Act({ may_change, title, onClick }: { may_change: boolean; title: string; onClick: () => void }) {
  if (!may_change) return null;
  return (
    <Button size="compact-xs" variant="subtle" onClick={onClick}>
      {title}
    </Button>
  );
}

function Sheet({ heads, children }: { heads: string[]; children: ReactNode }) {
  return (
    <div className="table-scroll">
      <Table className="dense">
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

function Honeynets({ inventory, may_change, open }: ListProps) {
  const edit = (honeynet: Honeynet | null) =>
    open((close) => <HoneynetForm honeynet={honeynet} onClose={close} />);
  return (
    <>
      <Act may_change={may_change} title="New honeynet" onClick={() => edit(null)} />
      {inventory.honeynets.length === 0 ? (
        <Empty title="No honeynets">A honeynet is a named group of honeypots with its owners.</Empty>
      ) : (
        <Sheet heads={['Honeynet', 'Owners', 'Honeypots', 'Description', '']}>
          {inventory.honeynets.map((one) => {
            const members = inventory.honeypots.filter((honeypot) =>
              honeypot.honeynets.some(
                ({ honeynet_id, valid_to_ms }) => honeynet_id === one.honeynet_id && valid_to_ms === null,
              ),
            );
            return (
              <Table.Tr key={one.honeynet_id}>
                <Table.Td>
                  <Link to="/" search={{ honeynet: String(one.honeynet_id) }}>
                    {one.name}
                  </Link>
                </Table.Td>
                <Table.Td>{one.owners}</Table.Td>
                <Table.Td>{members.map(({ name }) => name).join(', ')}</Table.Td>
                <Table.Td>{one.description}</Table.Td>
                <Table.Td>
                  <Act may_change={may_change} title="Change" onClick={() => edit(one)} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Sheet>
      )}
    </>
  );
}

function HoneypotRow({ honeypot, inventory, may_change, open, past }: ListProps & { honeypot: Honeypot }) {
  const base = `/honeypots/${honeypot.honeypot_id}`;
  const end = (title: string, path: string, body: Record<string, unknown>) =>
    open((close) => <EndForm title={title} path={path} body={body} onClose={close} />);
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/" search={{ honeypot: String(honeypot.honeypot_id) }}>
          {honeypot.name}
        </Link>
        <div className="dim small">
          {honeypot.interaction} interaction, {honeypot.role}
          {honeypot.retired_ms !== null && ', retired'}
        </div>
        <Act
          may_change={may_change}
          title="Change"
          onClick={() => open((close) => <HoneypotForm honeypot={honeypot} onClose={close} />)}
        />
      </Table.Td>
      <Table.Td>
        {honeypot.addresses.filter(shows(past)).map((one) => (
          <div key={`${one.address} ${one.side} ${one.valid_from_ms}`}>
            <span className="hostile">{one.address}</span> <span className="dim">{one.side}</span>{' '}
            <Holds stretch={one} />
            {one.valid_to_ms === null && (
              <Act
                may_change={may_change}
                title="End"
                onClick={() =>
                  end(`${honeypot.name} no longer has ${one.address}`, `${base}/addresses/end`, {
                    address: one.address,
                    side: one.side,
                  })
                }
              />
            )}
          </div>
        ))}
        <Act
          may_change={may_change}
          title="Add address"
          onClick={() => open((close) => <AddressForm honeypot={honeypot} onClose={close} />)}
        />
      </Table.Td>
      <Table.Td>
        {honeypot.services.map((one) => (
          <div key={`${one.service} ${one.transport} ${one.port}`}>
            {one.service}{' '}
            <span className="dim">
              {one.transport}/{one.port} {one.vulnerability}
            </span>
          </div>
        ))}
      </Table.Td>
      <Table.Td>
        {honeypot.location}
        {honeypot.latitude !== null && (
          <div className="dim small">
            {honeypot.latitude.toFixed(2)}, {honeypot.longitude!.toFixed(2)}
          </div>
        )}
      </Table.Td>
      <Table.Td>
        {honeypot.honeynets.filter(shows(past)).map((one) => {
          const name = inventory.honeynets.find(({ honeynet_id }) => honeynet_id === one.honeynet_id)?.name;
          return (
            <div key={`${one.honeynet_id} ${one.valid_from_ms}`}>
              {name} <Holds stretch={one} />
              {one.valid_to_ms === null && (
                <Act
                  may_change={may_change}
                  title="Leave"
                  onClick={() =>
                    end(`${honeypot.name} leaves ${name}`, `${base}/honeynets/${one.honeynet_id}/end`, {})
                  }
                />
              )}
            </div>
          );
        })}
        <Act
          may_change={may_change && inventory.honeynets.length > 0}
          title="Join honeynet"
          onClick={() =>
            open((close) => <JoinForm honeypot={honeypot} inventory={inventory} onClose={close} />)
          }
        />
      </Table.Td>
    </Table.Tr>
  );
}

function Honeypots(props: ListProps) {
  const { inventory, may_change, open } = props;
  return (
    <>
      <Act
        may_change={may_change}
        title="New honeypot"
        onClick={() => open((close) => <HoneypotForm honeypot={null} onClose={close} />)}
      />
      {inventory.honeypots.length === 0 ? (
        <Empty title="No honeypots">
          Add the decoys that your sensors watch: then events can be read by honeypot, not only by sensor.
        </Empty>
      ) : (
        <Sheet heads={['Honeypot', 'Addresses', 'Services', 'Location', 'Honeynets']}>
          {inventory.honeypots.map((honeypot) => (
            <HoneypotRow key={honeypot.honeypot_id} honeypot={honeypot} {...props} />
          ))}
        </Sheet>
      )}
    </>
  );
}

function SensorRow({ sensor, inventory, may_change, open, past }: ListProps & { sensor: Sensor }) {
  const collectors = new Map(inventory.collectors.map(({ collector_id, name }) => [collector_id, name]));
  const honeypots = new Map(inventory.honeypots.map(({ honeypot_id, name }) => [honeypot_id, name]));
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/" search={{ sensor: String(sensor.sensor_id) }}>
          {sensor.name}
        </Link>{' '}
        <span className="dim">{sensor.type}</span>
        {sensor.retired_ms !== null && <span className="dim">, retired</span>}
      </Table.Td>
      <Table.Td>
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
      </Table.Td>
      <Table.Td>
        {sensor.collectors.filter(shows(past)).map((one) => (
          <div key={`${one.collector_id} ${one.valid_from_ms}`}>
            {collectors.get(one.collector_id)} <Holds stretch={one} />
          </div>
        ))}
      </Table.Td>
      <Table.Td>
        {sensor.description}
        <Act
          may_change={may_change}
          title="Describe"
          onClick={() => open((close) => <DescribeForm sensor={sensor} onClose={close} />)}
        />
      </Table.Td>
    </Table.Tr>
  );
}

function SensorsList(props: ListProps) {
  if (props.inventory.sensors.length === 0)
    return (
      <Empty title="No sensors">
        On the server: npm run -s apiary -- sensor add NAME TYPE --collector COLLECTOR
      </Empty>
    );
  return (
    <Sheet heads={['Sensor', 'Honeypots', 'Collector', 'Description']}>
      {props.inventory.sensors.map((sensor) => (
        <SensorRow key={sensor.sensor_id} sensor={sensor} {...props} />
      ))}
    </Sheet>
  );
}

function CollectorsList({ inventory }: ListProps) {
  if (inventory.collectors.length === 0)
    return <Empty title="No collectors">On the server: npm run -s apiary -- collector add NAME</Empty>;
  return (
    <Sheet heads={['Collector', 'Lives in', 'Sensors', 'Since', 'State']}>
      {inventory.collectors.map((one) => (
        <Table.Tr key={one.collector_id}>
          <Table.Td>{one.name}</Table.Td>
          <Table.Td>{one.lives_in}</Table.Td>
          <Table.Td>
            {inventory.sensors
              .filter((sensor) =>
                sensor.collectors.some(
                  ({ collector_id, valid_to_ms }) =>
                    collector_id === one.collector_id && valid_to_ms === null,
                ),
              )
              .map(({ name }) => name)
              .join(', ')}
          </Table.Td>
          <Table.Td>
            <Time time={one.created_ms} />
          </Table.Td>
          <Table.Td>
            {one.revoked_ms === null ? (
              'in use'
            ) : (
              <>
                revoked <Time time={one.revoked_ms} />
              </>
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}

function KnownSources({ inventory, may_change, open }: ListProps) {
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
            <Table.Tr key={one.network}>
              <Table.Td>
                <Link to="/events" search={{ attacker_ip: one.network }}>
                  {one.network}
                </Link>
              </Table.Td>
              <Table.Td>{one.kind === 'gateway' ? 'gateway' : 'own scanner'}</Table.Td>
              <Table.Td>{one.name}</Table.Td>
              <Table.Td>
                <Time time={one.since_ms} />
              </Table.Td>
              <Table.Td>
                <Act may_change={may_change} title="Remove" onClick={() => remove.mutate(one.network)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Sheet>
      )}
    </>
  );
}

const lists = [
  { value: 'honeypots', title: 'Honeypots', List: Honeypots },
  { value: 'honeynets', title: 'Honeynets', List: Honeynets },
  { value: 'sensors', title: 'Sensors', List: SensorsList },
  { value: 'collectors', title: 'Collectors', List: CollectorsList },
  { value: 'known', title: 'Known sources', List: KnownSources },
] as const;

export function InventoryPage() {
  const { data, error } = useQuery(inventory_query);
  const me = useQuery(me_query);
  const [form, setForm] = useState<ReactNode>(null);
  const [past, setPast] = useState(false);
  if (data === undefined) return error === null ? <Waiting rows={12} /> : <Problem error={error} />;
  const role = me.data?.user.role;
  const props: ListProps = {
    inventory: data,
    may_change: role === 'administrator' || role === 'analyst',
    open: (make) => setForm(make(() => setForm(null))),
    past,
  };
  return (
    <>
      {error !== null && <Problem error={error} />}
      <Group justify="space-between" mb="xs">
        <Title order={1}>Inventory</Title>
        <Switch
          size="xs"
          label="Show what held before"
          checked={past}
          onChange={(event) => setPast(event.currentTarget.checked)}
        />
      </Group>
      <Tabs defaultValue="honeypots" keepMounted={false}>
        <Tabs.List mb="sm">
          {lists.map(({ value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {lists.map(({ value, List }) => (
          <Tabs.Panel key={value} value={value}>
            <List {...props} />
          </Tabs.Panel>
        ))}
      </Tabs>
      {form}
    </>
  );
}
