/** The dialogues in which something begins or ceases to hold. */
import type { Honeypot, Inventory, Sensor } from '@apiary/model/api/inventory.ts';
import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { send } from '../api.ts';
import { EditForm } from './edit-form.tsx';
import type { FormProps } from './inventory-forms.tsx';
import { MomentInput } from './moment-input.tsx';

export function AddressForm({ honeypot, onClose }: FormProps & { honeypot: Honeypot }) {
  const [address, setAddress] = useState('');
  const [side, setSide] = useState<string>('public');
  const [from_ms, setFrom] = useState(Date.now());
  return (
    <EditForm
      title={`New address of ${honeypot.name}`}
      submit={() =>
        send('POST', `/honeypots/${honeypot.honeypot_id}/addresses`, {
          address: address.trim(),
          side,
          from_ms,
        })
      }
      onClose={onClose}
    >
      <TextInput
        label="Address"
        required
        placeholder="192.0.2.7"
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Select
        label="Side"
        description="Inner: as the honeypot and its sensors see it. Public: as attackers see it."
        data={['inner', 'public']}
        value={side}
        onChange={(value) => setSide(value ?? 'public')}
        allowDeselect={false}
      />
      <MomentInput label="Holds from" value_ms={from_ms} onChange={setFrom} />
    </EditForm>
  );
}

export function JoinForm({
  honeypot,
  inventory,
  onClose,
}: FormProps & { honeypot: Honeypot; inventory: Inventory }) {
  const [honeynet, setHoneynet] = useState<string | null>(null);
  const [from_ms, setFrom] = useState(Date.now());
  return (
    <EditForm
      title={`${honeypot.name} joins a honeynet`}
      submit={() =>
        send('POST', `/honeypots/${honeypot.honeypot_id}/honeynets`, {
          honeynet_id: Number(honeynet),
          from_ms,
        })
      }
      onClose={onClose}
    >
      <Select
        label="Honeynet"
        required
        data={inventory.honeynets.map((one) => ({ value: String(one.honeynet_id), label: one.name }))}
        value={honeynet}
        onChange={setHoneynet}
      />
      <MomentInput label="Holds from" value_ms={from_ms} onChange={setFrom} />
    </EditForm>
  );
}

export function AssignForm({
  sensor,
  inventory,
  onClose,
}: FormProps & { sensor: Sensor; inventory: Inventory }) {
  const [honeypot, setHoneypot] = useState<string | null>(null);
  const [from_ms, setFrom] = useState(Date.now());
  const [beside, setBeside] = useState(false);
  return (
    <EditForm
      title={`${sensor.name} watches a honeypot`}
      submit={() =>
        send('POST', `/sensors/${sensor.sensor_id}/honeypots`, {
          honeypot_id: Number(honeypot),
          from_ms,
          beside,
        })
      }
      onClose={onClose}
    >
      <Select
        label="Honeypot"
        required
        searchable
        data={inventory.honeypots
          .filter(({ retired_ms }) => retired_ms === null)
          .map((one) => ({ value: String(one.honeypot_id), label: one.name }))}
        value={honeypot}
        onChange={setHoneypot}
      />
      <MomentInput label="Holds from" value_ms={from_ms} onChange={setFrom} />
      <Checkbox
        label="Beside the honeypots that it watches already"
        description="For a firewall or IDS over several honeypots: their events are told apart by address. Otherwise the assignment before ends at that moment."
        checked={beside}
        onChange={(event) => setBeside(event.currentTarget.checked)}
      />
    </EditForm>
  );
}

/** Asks when something ceased to hold. */
export function EndForm({
  title,
  path,
  body,
  onClose,
}: FormProps & { title: string; path: string; body?: Record<string, unknown> }) {
  const [to_ms, setTo] = useState(Date.now());
  return (
    <EditForm
      title={title}
      submit={() => send('POST', path, { ...body, to_ms })}
      onClose={onClose}
      action="End it"
    >
      <MomentInput label="Held until" value_ms={to_ms} onChange={setTo} />
    </EditForm>
  );
}
