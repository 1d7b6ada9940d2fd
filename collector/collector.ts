/** A running collector: readers, spool, uplink, heartbeat, and what they tell of themselves. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Heartbeat } from '@apiary/model/protocol.ts';
import type { SubmoduleStreams } from '@apiary/model/submodule.ts';
import { ArtifactUplink } from './artifact-uplink.ts';
import { type CollectorConfig, read_ahead_bytes, type SensorConfig } from './config.ts';
import { HeartbeatLoop } from './heartbeat.ts';
import { Identity } from './identity.ts';
import { Intakes } from './intakes/intakes.ts';
import { holdDirectory } from './lock.ts';
import { ReadBuffers } from './readers/reader.ts';
import { renewCertificate } from './renew.ts';
import { SensorReaders } from './sensor-readers.ts';
import { ArtifactSpool } from './spool/artifacts.ts';
import { Spool } from './spool/spool.ts';
import { type CollectorStatus, describeSensor, writeStatus } from './status.ts';
import { reloadStunnel } from './stunnel.ts';
import { Uplink, type UplinkOptions } from './uplink.ts';

export interface CollectorOptions {
  /** State directory: identity, spool, work files, status. */
  dir: string;
  config: CollectorConfig;
  streams: readonly SubmoduleStreams[];
  version: string;
  uplink?: UplinkOptions;
  heartbeat_every_ms?: number;
  /** Nothing will be written to the sources any more: last lines without newline are sent too. */
  is_final?: boolean;
  /** How long a rotated file must be quiet before its last line is taken as it is. */
  idle_ms?: number;
}

export interface RunningCollector {
  status(): CollectorStatus;
  /** Seals what was read, makes it durable and closes all. */
  stop(): Promise<void>;
}

const status_every_ms = 1000;
const answer_grace_ms = 700;

const hasFiles = ({ type, paths, container }: SensorConfig, streams: readonly SubmoduleStreams[]): boolean =>
  streams
    .find(({ name }) => name === type)
    ?.sources.some((source) =>
      source.kind === 'host'
        ? (source.reads === 'files' && container !== undefined) ||
          (source.reads === 'capture' && container?.capture !== undefined)
        : source.kind === 'files' && paths[source.stream] !== undefined,
    ) ?? false;

/** @throws OperationalError `certificate_invalid` where this host is not enrolled. */
export async function startCollector(options: CollectorOptions): Promise<RunningCollector> {
  const { dir, config, streams } = options;
  const lock = await holdDirectory(dir);
  const { in_flight_max: batches = 4 } = options.uplink ?? {};
  const { tunnel, proxy } = config;
  const identity = new Identity(dir, { connections: { batches, heartbeats: 1, files: 1 }, tunnel, proxy });
  const started_ms = Date.now();
  const instance = randomBytes(8).toString('hex');
  const spool = new Spool({
    folder: join(dir, 'spool'),
    ...config.spool,
    ...config.limits,
    sensors: config.sensors.map(({ name, share_bytes }) => ({ name, share_bytes })),
  });
  const artifacts = new ArtifactSpool(
    join(dir, 'artifacts'),
    config.artifacts.spool_bytes_max,
    config.sensors.map(({ name }) => name),
    config.sensors.filter((sensor) => hasFiles(sensor, streams)).length,
  );
  const buffers = new ReadBuffers(config.limits.line_bytes_max + read_ahead_bytes);
  const sensors = config.sensors.map(
    (sensor) =>
      new SensorReaders(sensor, spool.chains.get(sensor.name)!, buffers, options, streams, artifacts),
  );
  const intakes = new Intakes(config.intakes, sensors, config.limits.line_bytes_max);
  const uplink = new Uplink(spool, identity, options.uplink);
  const artifact_uplink = new ArtifactUplink(artifacts, identity, options.uplink);
  const describeBeat = (): Omit<Heartbeat, 'sent_ms' | 'offset_ms'> => ({
    v: 1,
    version: options.version,
    runtime: `node ${process.versions.node}`,
    spool_id: spool.id,
    started_ms,
    spool_bytes: spool.bytes,
    spool_bytes_max: spool.bytes_max,
    memory_bytes: process.memoryUsage.rss(),
    certificate_ends_ms: identity.certificate_ends_ms,
    instance,
    sensors: sensors.map((sensor) => describeSensor(sensor, spool, uplink)),
    artifacts: artifact_uplink.state(),
    intakes: intakes.states(),
  });
  const heartbeat = new HeartbeatLoop({
    identity,
    describe: describeBeat,
    gatewaysChanged: () => {
      if (tunnel !== undefined) reloadStunnel(identity, tunnel);
    },
    renew: async () => {
      await renewCertificate(identity);
      if (tunnel !== undefined) reloadStunnel(identity, tunnel);
    },
    noteTlsRefusal: (message) => uplink.noteTlsRefusal(message),
    ...(options.heartbeat_every_ms === undefined ? {} : { every_ms: options.heartbeat_every_ms }),
  });
  const status = (): CollectorStatus => ({
    ...describeBeat(),
    written_ms: Date.now(),
    pid: process.pid,
    collector: identity.enrolment.collector,
    gateway: identity.gateway,
    offset_ms: heartbeat.offset_ms,
    heartbeat_answered_ms: heartbeat.answered_ms,
    heartbeat_trouble: heartbeat.trouble,
    sensors_allowed: heartbeat.sensors ?? null,
    uplink_trouble: uplink.trouble,
    tls_refusal: uplink.tls_refusal,
    tls_refusal_ms: uplink.tls_refusal_ms,
    followed: sensors.flatMap((sensor) => sensor.followed()),
  });
  const status_path = join(dir, 'status.json');
  const timer = setInterval(() => writeStatus(status_path, status()), status_every_ms);
  writeStatus(status_path, status());
  uplink.start();
  artifact_uplink.start();
  heartbeat.start();
  for (const sensor of sensors) sensor.start();
  intakes.start();

  return {
    status,
    async stop() {
      heartbeat.stop();
      await intakes.stop();
      await Promise.all(sensors.map((sensor) => sensor.stop()));
      const sent = uplink.stop(answer_grace_ms);
      await spool.stop();
      await sent;
      artifact_uplink.stop();
      for (const chain of spool.chains.values()) chain.saveAcked();
      identity.close();
      clearInterval(timer);
      writeStatus(status_path, { ...status(), stopped: true });
      lock.close();
    },
  };
}
