/** The dialogues in which a part of the inventory is described. */
import type { Honeynet, Honeypot, Sensor } from '@apiary/model/api/inventory.ts';
import { Checkbox, Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { send } from '../api.ts';
import { EditForm } from './edit-form.tsx';

export interface FormProps {
  onClose: () => void;
}

export function HoneynetForm({ honeynet, onClose }: FormProps & { honeynet: Honeynet | null }) {
  const [name, setName] = useState(honeynet?.name ?? '');
  const [owners, setOwners] = useState(honeynet?.owners ?? '');
  const [description, setDescription] = useState(honeynet?.description ?? '');
  const body = { name, owners, description };
  return (
    <EditForm
      title={honeynet === null ? 'New honeynet' : `Honeynet ${honeynet.name}`}
      submit={() =>
        honeynet === null
          ? send('POST', '/honeynets', body)
          : send('PUT', `/honeynets/${honeynet.honeynet_id}`, body)
      }
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Owners"
        description="Who answers for it: people, teams, addresses"
        value={owners}
        onChange={(event) => setOwners(event.currentTarget.value)}
      />
      <Textarea
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </EditForm>
  );
}

/** One service a line: `ssh tcp/22 weak passwords`. */
const showServices = (services: Honeypot['services']): string =>
  services
    .map(({ service, transport, port, vulnerability }) =>
      `${service} ${transport}/${port} ${vulnerability}`.trim(),
    )
    .join('\n');

export function readServices(text: string): { services: Honeypot['services']; wrong: string | null } {
  const services: Honeypot['services'] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const match = /^(\S+)\s+(tcp|udp|icmp|sctp)\/(\d{1,5})(?:\s+(.*))?$/.exec(line);
    if (match === null || Number(match[3]) > 65535) return { services, wrong: line };
    services.push({
      service: match[1]!,
      transport: match[2] as 'tcp',
      port: Number(match[3]),
      vulnerability: match[4] ?? '',
    });
  }
  return { services, wrong: null };
}

const toCoordinate = (value: number | string): number | null => (value === '' ? null : Number(value));

export function HoneypotForm({ honeypot, onClose }: FormProps & { honeypot: Honeypot | null }) {
  const [name, setName] = useState(honeypot?.name ?? '');
  const [interaction, setInteraction] = useState<string>(honeypot?.interaction ?? 'medium');
  const [role, setRole] = useState<string>(honeypot?.role ?? 'server');
  const [location, setLocation] = useState(honeypot?.location ?? '');
  const [latitude, setLatitude] = useState<number | string>(honeypot?.latitude ?? '');
  const [longitude, setLongitude] = useState<number | string>(honeypot?.longitude ?? '');
  const [description, setDescription] = useState(honeypot?.description ?? '');
  const [services, setServices] = useState(showServices(honeypot?.services ?? []));
  const [retired, setRetired] = useState(honeypot !== null && honeypot.retired_ms !== null);
  const read = readServices(services);
  const body = {
    name,
    interaction,
    role,
    location,
    latitude: toCoordinate(latitude),
    longitude: toCoordinate(longitude),
    description,
    services: read.services,
    retired,
  };
  return (
    <EditForm
      title={honeypot === null ? 'New honeypot' : `Honeypot ${honeypot.name}`}
      submit={async () => {
        if (read.wrong !== null)
          throw new Error(`Services: “${read.wrong}” is not like “ssh tcp/22 weak passwords”`);
        if (honeypot === null) await send('POST', '/honeypots', body);
        else await send('PUT', `/honeypots/${honeypot.honeypot_id}`, body);
      }}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group grow>
        <Select
          label="Interaction"
          data={['low', 'medium', 'high']}
          value={interaction}
          onChange={(value) => setInteraction(value ?? 'medium')}
          allowDeselect={false}
        />
        <Select
          label="Role"
          data={['server', 'client']}
          value={role}
          onChange={(value) => setRole(value ?? 'server')}
          allowDeselect={false}
        />
      </Group>
      <TextInput
        label="Location"
        value={location}
        onChange={(event) => setLocation(event.currentTarget.value)}
      />
      <Group grow>
        <NumberInput
          label="Latitude"
          min={-90}
          max={90}
          value={latitude}
          onChange={setLatitude}
          hideControls
        />
        <NumberInput
          label="Longitude"
          min={-180}
          max={180}
          value={longitude}
          onChange={setLongitude}
          hideControls
        />
      </Group>
      <Textarea
        label="Services"
        description="One a line: name, transport/port, vulnerability that it offers"
        placeholder="ssh tcp/22 weak passwords"
        autosize
        minRows={2}
        value={services}
        error={read.wrong === null ? null : `“${read.wrong}” is not like “ssh tcp/22 weak passwords”`}
        onChange={(event) => setServices(event.currentTarget.value)}
      />
      <Textarea
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {honeypot !== null && (
        <Checkbox
          label="Retired"
          checked={retired}
          onChange={(event) => setRetired(event.currentTarget.checked)}
        />
      )}
    </EditForm>
  );
}

export function DescribeForm({ sensor, onClose }: FormProps & { sensor: Sensor }) {
  const [description, setDescription] = useState(sensor.description);
  return (
    <EditForm
      title={`Sensor ${sensor.name}`}
      submit={() => send('PUT', `/sensors/${sensor.sensor_id}`, { description })}
      onClose={onClose}
    >
      <Textarea
        label="Description"
        autosize
        minRows={3}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </EditForm>
  );
}

export function KnownSourceForm({ onClose }: FormProps) {
  const [network, setNetwork] = useState('');
  const [kind, setKind] = useState<string>('gateway');
  const [name, setName] = useState('');
  return (
    <EditForm
      title="New known source"
      submit={() => send('POST', '/known_sources', { network: network.trim(), kind, name })}
      onClose={onClose}
    >
      <TextInput
        label="Address or network"
        required
        placeholder="198.51.100.0/24"
        value={network}
        onChange={(event) => setNetwork(event.currentTarget.value)}
      />
      <Select
        label="Kind"
        description="A gateway hides many attackers behind one address; an own scanner is none."
        data={[
          { value: 'gateway', label: 'Gateway' },
          { value: 'own_scanner', label: 'Own scanner' },
        ]}
        value={kind}
        onChange={(value) => setKind(value ?? 'gateway')}
        allowDeselect={false}
      />
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </EditForm>
  );
}
