/**
 * The reader of a container's readings: asks one probe at a time and writes what it tells as records. What does not
 * fit into the spool waits here, and the probe is not asked again before all of it is in.
 */
import { FrameWriter } from '../intakes/frame-writer.ts';
import type { Reader, ReaderStatus, Sink } from '../readers/reader.ts';
import type { ContainerChoice, Containers } from './containers.ts';
import type { Probe } from './reading.ts';

export interface HostReaderOptions {
  stream: string;
  choice: ContainerChoice;
  containers: Containers;
  probe: Probe;
  record_bytes_max: number;
}

export class HostReader implements Reader {
  readonly poll_ms: number;
  readonly #writer: FrameWriter;
  readonly #options: HostReaderOptions;
  #backlog: Buffer[] = [];
  /** Of the last readings, how many are not durable yet. */
  #unsettled = 0;
  #is_running = false;
  #failure = '';
  #is_stopped = false;
  #polling: Promise<void> | undefined;

  constructor(sink: Sink, options: HostReaderOptions) {
    this.#options = options;
    this.poll_ms = options.probe.poll_ms;
    const { stream, record_bytes_max } = options;
    this.#writer = new FrameWriter(sink, { stream, record_bytes_max });
  }

  poll(): Promise<void> {
    this.#polling ??= this.#pollNow().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #pollNow(): Promise<void> {
    this.#drain();
    if (this.#is_stopped || this.#backlog.length > 0) return;
    const { choice, containers, probe } = this.#options;
    try {
      const container = containers.find(choice);
      this.#is_running = container?.pid !== undefined;
      const readings = await probe.take(container);
      if (readings.length === 0) return;
      this.#unsettled += readings.length;
      this.#backlog = readings.map((reading) =>
        Buffer.from(JSON.stringify({ container: choice.name, ...reading })),
      );
      this.#failure = '';
    } catch (error) {
      // A container that goes while it is looked at, or a disk that is full: told, and tried again.
      this.#failure = (error as Error).message;
    }
    this.#drain();
  }

  #drain(): void {
    const { probe } = this.#options;
    let taken = 0;
    const settle = (): void => {
      this.#unsettled -= 1;
      if (this.#unsettled === 0) probe.settle?.();
    };
    for (const bytes of this.#backlog) {
      if (!this.#writer.add(probe.source, bytes, 0, bytes.length, settle)) break;
      taken += 1;
    }
    this.#backlog.splice(0, taken);
  }

  status(): ReaderStatus {
    const { choice, probe } = this.#options;
    const written = this.#writer.status();
    const absent = this.#is_running ? '' : `container ${choice.name} does not run`;
    return {
      wanted: [`${choice.name}: ${probe.source}`],
      followed: this.#is_running ? [{ path: `${choice.name}: ${probe.source}`, offset: 0, size: 0 }] : [],
      changed_ms: written.changed_ms,
      is_waiting: this.#backlog.length > 0,
      trouble: this.#failure || probe.trouble || absent,
    };
  }

  async stop(): Promise<void> {
    this.#is_stopped = true;
    await this.#polling;
    this.#drain();
    await this.#options.probe.stop?.();
    await this.#writer.stop();
  }
}
