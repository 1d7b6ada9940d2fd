/**
 * What collector and gateway say to each other: HTTP/1.1 over mutual TLS 1.3, JSON answers. Nothing on the
 * wire names Apiary: no SNI, no ALPN, no user agent, and neutral paths. docs/reference/protocol.md tells it
 * in order.
 */
import type { ErrorCode } from './errors.ts';

export const paths = {
  /** POST a batch (its bytes). Query `oldest=N`: the oldest sequence number that the collector still has. */
  batch: '/b',
  /** POST the bytes of a whole file. Query: `sensor=NAME`, `sha256=HEX`. */
  artifact: '/a',
  /** POST a Heartbeat as JSON. */
  heartbeat: '/h',
  /** POST {csr}: a new certificate for the key in the request. On the gateway, and for certificates that have run out on the enrolment port. */
  renew: '/r',
  /** POST {token, csr} on the enrolment port. */
  enrol: '/e',
  /** POST a GatewayReport as JSON; for gateways of their own only. */
  gateway: '/g',
} as const;

/**
 * What a gateway of its own adds to the query of a request that it forwards: the serial number of the certificate that
 * the collector proved to have.
 */
export const forwarded_for = 'for';

export interface BatchAck {
  /** `durable`: it lies fsynced in the journal. `known`: it did already. */
  status: 'durable' | 'known';
  seq: number;
  hash: string;
}

/** The file lies fsynced under its hash. */
export interface ArtifactAck {
  status: 'durable';
  sha256: string;
}

/** Bytes of the largest artifact that a server takes. */
export const artifact_bytes_max = 1024 * 1024 * 1024;

/** Any answer but 2xx. `batch_out_of_order` has `details.expected_seq`; `rate_limited`, `journal_full` and `server_away` have `details.retry_after_ms`. */
export interface Refusal {
  error: { code: ErrorCode; message: string; remedy: string; details: Record<string, unknown> };
}

/** What a collector knows of one sensor's sources. Counts are since the collector's state began. */
export interface SensorState {
  sensor: string;
  /** `live`: followed and written lately. `quiet`: followed, nothing new. `missing`: a source is not there. `dead`: the honeypot's process or port is gone. `failing`: a reader has an error. */
  condition: 'live' | 'quiet' | 'missing' | 'dead' | 'failing';
  detail: string;
  sources: number;
  /** Milliseconds since 1970 of the last change of a source; 0 where none was seen. */
  source_changed_ms: number;
  read: number;
  cut: number;
  lost: number;
  refused: number;
  acknowledged: number;
  waiting_records: number;
  waiting_bytes: number;
  /** Milliseconds since 1970 when the oldest waiting batch was sealed; 0 where none waits. */
  oldest_waiting_ms: number;
}

export interface Heartbeat {
  v: 1;
  version: string;
  runtime: string;
  spool_id: string;
  started_ms: number;
  /** The collector's clock when it sent this. */
  sent_ms: number;
  /** Its estimate of server clock minus own clock from the last exchange; null before the first. */
  offset_ms: number | null;
  spool_bytes: number;
  spool_bytes_max: number;
  memory_bytes: number;
  certificate_ends_ms: number;
  /** A random name made at each start of the program: two at once mean one certificate on two hosts. */
  instance: string;
  sensors: SensorState[];
  /** Whole files that wait to be sent; collectors before this had none. */
  artifacts?: ArtifactState;
  intakes?: IntakeState[];
}

/** Counts are since the collector started. */
export interface ArtifactState {
  waiting: number;
  waiting_bytes: number;
  sent: number;
  /** Why nothing gets through; '' where it does. */
  trouble: string;
}

/** What a network intake let in and what not. Counts are since the collector started. */
export interface IntakeState {
  /** Kind and address, for example `syslog udp 127.0.0.1:5514`. */
  intake: string;
  accepted: number;
  /** How many were not taken, by reason. */
  refused: Record<string, number>;
  /** What does not work now; '' where all does. */
  trouble: string;
}

export interface HeartbeatAnswer {
  received_ms: number;
  answered_ms: number;
  /** Names of the sensors that this collector may write. */
  sensors: string[];
  /** True when the certificate should be renewed now. */
  renew: boolean;
  /** host:port of gateways of their own, in the order in which to try them before the one told at enrolment. */
  gateways?: string[];
}

/** Refusals that one report tells; the rest are told by the next. */
export const report_refusals_max = 2000;

/** What a gateway of its own says when it asks who may write what. */
export interface GatewayReport {
  v: 1;
  version: string;
  /** Revision of the roster that it has; '' before the first. */
  revision: string;
  /** What it refused since its last report was taken, at most `report_refusals_max`. */
  refusals: GatewayRefusal[];
}

export interface GatewayRefusal {
  /** '' where the peer proved to be none. */
  collector: string;
  sensor: string;
  reason: string;
  count: number;
  last_message: string;
}

/** Who may write what, and how much. */
export interface Roster {
  collectors: { collector_id: number; name: string; sensors: string[] }[];
  /** Serial numbers of certificates that have not run out. */
  certificates: { serial: string; collector_id: number; is_revoked: boolean }[];
  bytes_per_second: number;
  burst_bytes: number;
  artifact_bytes_max: number;
  artifact_bytes_per_hour_max: number;
}

export interface GatewayAnswer {
  revision: string;
  /** null where the gateway has this revision. */
  roster: Roster | null;
  /** True when the gateway's certificate should be renewed now. */
  renew: boolean;
}

export interface EnrolRequest {
  token: string;
  /** PEM, PKCS #10. */
  csr: string;
}

export interface EnrolAnswer {
  collector: string;
  /** PEM: the collector's certificate, then the intermediate. */
  certificate: string;
  /** PEM: the root, and during a rollover the next one too. */
  authority: string;
  /** host:port of the gateway, as the server is configured to name itself; to a gateway of its own, of the server. */
  gateway: string;
  enrolment: string;
  /** The name in the gateway's certificate that the collector checks. */
  gateway_name: string;
  sensors: { name: string; type: string }[];
}

export interface RenewAnswer {
  certificate: string;
  authority: string;
  gateway_name: string;
}

export const heartbeat_every_ms = 10_000;
/** A collector without a heartbeat for this long is unknown, and so are its sensors. */
export const heartbeat_missing_ms = 35_000;
