/** Honeynets and honeypots of the inventory. */
import type { Honeynet, Honeypot } from '@apiary/model/api/inventory.ts';

import { Link } from '@tanstack/react-router';
import { AddressForm, EndForm, JoinForm } from './assignment-forms.tsx';
import { useFind } from './find-field.tsx';
import { HoneynetForm, HoneypotForm } from './inventory-forms.tsx';
import { Act, Holds, type ListProps, rows_at_once, shows } from './inventory-sheet.tsx';
import { useRows } from './more-rows.tsx';
import { Sheet } from './sheet.tsx';
import { Empty } from './state-boxes.tsx';

export function Honeynets({ inventory, may_change, open }: ListProps) {
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
              <tr key={one.honeynet_id}>
                <td>
                  <Link to="/" search={{ honeynet: String(one.honeynet_id) }}>
                    {one.name}
                  </Link>
                </td>
                <td>{one.owners}</td>
                <td>{members.map(({ name }) => name).join(', ')}</td>
                <td>{one.description}</td>
                <td>
                  <Act may_change={may_change} title="Change" onClick={() => edit(one)} />
                </td>
              </tr>
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
    <tr>
      <td>
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
      </td>
      <td>
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
      </td>
      <td>
        {honeypot.services.map((one) => (
          <div key={`${one.service} ${one.transport} ${one.port}`}>
            {one.service}{' '}
            <span className="dim">
              {one.transport}/{one.port} {one.vulnerability}
            </span>
          </div>
        ))}
      </td>
      <td>
        {honeypot.location}
        {honeypot.latitude !== null && (
          <div className="dim small">
            {honeypot.latitude.toFixed(2)}, {honeypot.longitude!.toFixed(2)}
          </div>
        )}
      </td>
      <td>
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
      </td>
    </tr>
  );
}

export function Honeypots(props: ListProps) {
  const { inventory, may_change, open } = props;
  const { found, field } = useFind(
    inventory.honeypots,
    'a honeypot',
    ({ name, location, interaction, role, addresses, services }) =>
      [
        name,
        location,
        interaction,
        role,
        ...addresses.map((one) => one.address),
        ...services.map((one) => one.service),
      ].join(' '),
  );
  const { shown, more } = useRows(found, rows_at_once);
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
        <>
          {field}
          <Sheet heads={['Honeypot', 'Addresses', 'Services', 'Location', 'Honeynets']}>
            {shown.map((honeypot) => (
              <HoneypotRow key={honeypot.honeypot_id} honeypot={honeypot} {...props} />
            ))}
          </Sheet>
          {more}
        </>
      )}
    </>
  );
}
