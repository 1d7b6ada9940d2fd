/**
 * All errors that the world can cause, with what to do about them. Attackers' data never throws: it is a
 * value with a `parse` mark. Our own mistakes are assertions (`assert` of node:assert).
 */
export const error_codes = {
  batch_malformed: { status: 400, remedy: 'Update the collector; if it is current, report the batch.' },
  batch_too_large: { status: 413, remedy: 'Lower batch_bytes_max in the configuration of the collector.' },
  batch_out_of_order: { status: 409, remedy: 'Send again from the sequence number that the answer names.' },
  sensor_unknown: {
    status: 403,
    remedy: 'Register it on the server: apiary sensor add NAME TYPE --collector COLLECTOR.',
  },
  sensor_foreign: {
    status: 403,
    remedy: 'The sensor belongs to another collector: apiary sensor assign NAME --collector COLLECTOR.',
  },
  stream_unknown: {
    status: 400,
    remedy:
      'The submodule of this sensor type has no such stream: compare the versions of collector and server.',
  },
  collector_revoked: { status: 403, remedy: 'Enrol the collector again: apiary collector replace NAME.' },
  gateway_revoked: { status: 403, remedy: 'Enrol the gateway again: apiary gateway replace NAME.' },
  not_a_gateway: {
    status: 403,
    remedy:
      'Only a gateway of this server may speak for collectors: apiary gateway add NAME --address HOST:PORT.',
  },
  server_away: {
    status: 503,
    remedy:
      'Nothing: the collector keeps what it has and sends again. See the log of the gateway if it lasts.',
  },
  rate_limited: { status: 429, remedy: 'Nothing: the collector waits and sends again.' },
  journal_full: {
    status: 503,
    remedy: 'Free disk space on the server; collectors keep what they have until then.',
  },
  state_unwritable: {
    status: 503,
    remedy:
      'Make room on the disk of the data directory, or let the server write there; nothing needs a restart.',
  },
  engine_down: {
    status: 503,
    remedy:
      'Nothing: the engine is restarted and what was acknowledged is loaded then. See the log of the server if it lasts.',
  },
  engine_unfit: {
    status: 500,
    remedy:
      'Nothing was changed: install the version of Apiary that wrote the database, or restore a backup into an empty directory.',
  },
  artifact_too_large: {
    status: 413,
    remedy: 'Lower artifacts.bytes_max in the configuration of the collector, or raise it on the server.',
  },
  artifact_mismatch: { status: 400, remedy: 'Nothing: the collector reads the file again.' },
  artifacts_full: {
    status: 503,
    remedy:
      'Raise artifacts.disk_bytes_max on the server or free disk space; collectors keep what they have.',
  },
  query_too_large: { status: 422, remedy: 'Ask for a shorter period or fewer groups.' },
  token_invalid: {
    status: 401,
    remedy: 'Ask for a new command: apiary collector add NAME. A token serves once, for an hour.',
  },
  enrolment_closed: {
    status: 503,
    remedy:
      'The enrolment port listens only while a token is open. If the command was used, or is over an hour old, ask for a new one: apiary collector replace NAME, or apiary collector add NAME. If not, check address, port and firewall.',
  },
  certificate_invalid: { status: 401, remedy: 'Enrol the collector again: apiary collector replace NAME.' },
  authority_offline: {
    status: 409,
    remedy: 'Put the key back for as long as the roll-over takes: see docs/guide/server.md.',
  },
  server_unproven: {
    status: 502,
    remedy:
      'Compare the fingerprint with the one that "apiary collector add" prints now; if they agree, somebody stands between this host and the server.',
  },
  data_damaged: { status: 500, remedy: 'Restore the file from a backup; nothing was changed.' },
  config_invalid: { status: 400, remedy: 'Mend the named line of the configuration.' },
  address_unusable: {
    status: 503,
    remedy: 'End what holds the port, or set an address and port of this host in the named setting.',
  },
  input_invalid: { status: 400, remedy: 'Mend the named value.' },
  not_found: { status: 404, remedy: 'Check the name or number; it may have expired.' },
  conflict: { status: 409, remedy: 'Choose another name, or change the existing one.' },
  unauthenticated: { status: 401, remedy: 'Log in.' },
  forbidden: { status: 403, remedy: 'Ask an administrator for the permission.' },
  throttled: { status: 429, remedy: 'Wait as long as the answer says and try again.' },
  server_not_running: {
    status: 503,
    remedy: 'Start it with: npm run serve, or name the folder of the one that runs with --data.',
  },
  internal: { status: 500, remedy: 'Report it with what the log of the server says of it.' },
  unreachable: { status: 502, remedy: 'Check address, port and firewall between this host and the other.' },
} as const satisfies Record<string, { status: number; remedy: string }>;

export type ErrorCode = keyof typeof error_codes;

/** The world failed. `message` says what failed on which value; the code's remedy says what to do. */
export class OperationalError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'OperationalError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return error_codes[this.code].status;
  }

  get remedy(): string {
    return error_codes[this.code].remedy;
  }

  /** The form in which it travels: `{ error: { code, message, remedy, details } }`. */
  toJSON(): {
    error: { code: ErrorCode; message: string; remedy: string; details: Record<string, unknown> };
  } {
    return { error: { code: this.code, message: this.message, remedy: this.remedy, details: this.details } };
  }
}
