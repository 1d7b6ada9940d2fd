/** What a gateway remembers of who may write what: the roster that it was told last, looked up by request. */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Roster } from '@apiary/model/protocol.ts';
import type { Sender } from '../gateway/sender.ts';

/** A collector with the serial number of the certificate that it proved to have. */
export interface EdgePeer extends Sender {
  serial: string;
}

export class RosterCopy {
  readonly #certificates: ReadonlyMap<string, Roster['certificates'][number]>;
  readonly #collectors: ReadonlyMap<number, { name: string; sensors: ReadonlySet<string> }>;

  constructor({ certificates, collectors }: Roster) {
    this.#certificates = new Map(certificates.map((one) => [one.serial, one]));
    this.#collectors = new Map(
      collectors.map(({ collector_id, name, sensors }) => [
        collector_id,
        { name, sensors: new Set(sensors) },
      ]),
    );
  }

  /** @throws OperationalError `certificate_invalid`, `collector_revoked` */
  identify(serial: string): EdgePeer {
    const known = this.#certificates.get(serial);
    const collector = known === undefined ? undefined : this.#collectors.get(known.collector_id);
    if (known === undefined || collector === undefined)
      throw new OperationalError('certificate_invalid', `the certificate ${serial} was not issued here`);
    const { name } = collector;
    if (known.is_revoked)
      throw new OperationalError(
        'collector_revoked',
        `the certificate of the collector "${name}" is revoked`,
        { collector: name },
      );
    return { serial, collector_id: known.collector_id, name };
  }

  /** @throws OperationalError `sensor_unknown`, `sensor_foreign` */
  authorise({ collector_id, name }: EdgePeer, sensor: string): void {
    if (this.#collectors.get(collector_id)?.sensors.has(sensor) === true) return;
    const shown = JSON.stringify(sensor.slice(0, 128));
    for (const { sensors } of this.#collectors.values())
      if (sensors.has(sensor))
        throw new OperationalError(
          'sensor_foreign',
          `the sensor ${shown} is not one of the collector "${name}"`,
        );
    throw new OperationalError('sensor_unknown', `no sensor ${shown} is registered`);
  }
}
