/** The network intakes of a collector, and the writers that bring what they take to the sensors. */
import type { IntakeState } from '@apiary/model/protocol.ts';
import type { SensorReaders } from '../sensor-readers.ts';
import type { IntakeConfig } from './config.ts';
import { FrameWriter } from './frame-writer.ts';
import { HpfeedsIntake } from './hpfeeds.ts';
import type { Intake } from './intake.ts';
import { SebekIntake } from './sebek.ts';
import type { Route } from './senders.ts';
import { SyslogIntake } from './syslog.ts';

export class Intakes {
  readonly #intakes: Intake[];
  readonly #writers = new Map<string, FrameWriter>();

  constructor(configs: readonly IntakeConfig[], sensors: readonly SensorReaders[], record_bytes_max: number) {
    const by_name = new Map(sensors.map((sensor) => [sensor.config.name, sensor]));
    const writerOf = ({ sensor, stream }: Route): FrameWriter => {
      const key = `${sensor}/${stream}`;
      let writer = this.#writers.get(key);
      if (writer === undefined) {
        const { chain, config, feeds } = by_name.get(sensor)!;
        const { time_zone } = config;
        writer = new FrameWriter(chain, { stream, record_bytes_max, time_zone });
        this.#writers.set(key, writer);
        feeds.push(writer);
      }
      return writer;
    };
    this.#intakes = configs.map((config) => {
      if (config.kind === 'syslog') return new SyslogIntake(config, writerOf, record_bytes_max);
      if (config.kind === 'hpfeeds') return new HpfeedsIntake(config, writerOf, record_bytes_max);
      return new SebekIntake(config, writerOf);
    });
  }

  start(): void {
    for (const intake of this.#intakes) intake.start();
  }

  states(): IntakeState[] {
    return this.#intakes.map((intake) => intake.state());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#intakes.map((intake) => intake.stop()));
    await Promise.all([...this.#writers.values()].map((writer) => writer.stop()));
  }
}
