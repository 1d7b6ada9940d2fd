/** One request and its answer over HTTPS. Nothing in it names the program: no SNI, no ALPN, no user agent. */
import { type Agent, request as requestPlainly } from 'node:http';
import { request as requestOverTls, Agent as TlsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { error_codes, OperationalError } from '@apiary/model/errors.ts';
import type { Refusal } from '@apiary/model/protocol.ts';

const answer_bytes_most = 1024 * 1024;

export interface Exchange {
  host: string;
  port: number;
  agent: Agent | undefined;
  path: string;
  /** Bytes, or a stream of a known size, opened when it is wanted; its deadline is `timeout_ms` without progress. */
  body: Buffer | { size: number; open: () => Readable };
  timeout_ms: number;
  /** Of the answer; 1 MiB where absent. */
  answer_bytes_max?: number;
}

export interface Answer {
  status: number;
  /** The parsed JSON, or undefined where the answer was none. */
  value: unknown;
}

/** @throws OperationalError `unreachable` with the reason as the network or TLS gave it. */
export function exchange(options: Exchange): Promise<Answer> {
  const { host, port, agent, path, body, timeout_ms, answer_bytes_max = answer_bytes_most } = options;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(new OperationalError('unreachable', `${host}:${port}: ${tellNetworkError(error)}`, {}, error));
    };
    const length = Buffer.isBuffer(body) ? body.length : body.size;
    const headers = {
      'content-length': length,
      'content-type': 'application/octet-stream',
      // A file is sent when the other side says that it takes it: a refusal is not lost behind what nobody reads.
      ...(Buffer.isBuffer(body) ? {} : { expect: '100-continue' }),
    };
    // Behind a local stunnel there is no TLS of our own.
    const request = agent === undefined || agent instanceof TlsAgent ? requestOverTls : requestPlainly;
    const sent = request(
      { host, port, agent, path, method: 'POST', headers, timeout: timeout_ms },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > answer_bytes_max) sent.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, value: parse(Buffer.concat(chunks)) });
          // Refused before its body was sent, or in the middle of it: the connection cannot be used again.
          if (!sent.writableEnded) sent.destroy();
        });
        answer.on('error', fail);
      },
    );
    sent.on('error', fail);
    const giveUp = (): void => void sent.destroy(new Error(`no answer in ${timeout_ms} ms`));
    const deadline = setTimeout(giveUp, timeout_ms);
    sent.on('close', () => clearTimeout(deadline));
    if (Buffer.isBuffer(body)) sent.end(body);
    else {
      sent.on('continue', () => {
        const file = body.open();
        file.on('data', () => deadline.refresh());
        file.on('error', (error) => sent.destroy(error));
        sent.on('close', () => file.destroy());
        file.pipe(sent);
      });
      sent.flushHeaders();
    }
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What the bare codes mean that the enrolment port gives to who has no certificate. */
const bare_codes: Partial<Record<string, string>> = {
  token_invalid: 'the server says that the token is unknown, used or has run out',
  certificate_invalid: 'the server does not accept the certificate of this host',
  input_invalid: 'the server cannot read the request; its log says why',
};

/** The refusal in an answer, or what stands for one where the answer is of no known form. */
export function readRefusal(answer: Answer): Refusal['error'] {
  const error = (answer.value as Partial<Refusal> | undefined)?.error;
  if (typeof error?.code === 'string' && typeof error.message === 'string') {
    return { ...error, remedy: String(error.remedy ?? ''), details: error.details ?? {} };
  }
  const known = typeof error?.code === 'string' ? bare_codes[error.code] : undefined;
  if (error?.code !== undefined && known !== undefined) {
    return { code: error.code, message: known, remedy: error_codes[error.code].remedy, details: {} };
  }
  const message = `the server answered ${answer.status} without a reason`;
  return { code: 'unreachable', message, remedy: 'See the log of the server.', details: {} };
}

/** What the bare alerts of TLS mean here; the server's log has the full reason. */
const alert_reasons: Record<string, string> = {
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the server wants a certificate and got none',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    'the server says that the certificate of this collector has run out',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED:
    'the server says that the certificate of this collector is revoked',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the server does not accept the certificate of this collector',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the server does not know the certificate of this collector',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA:
    'the server does not know the authority behind the certificate of this collector',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'the server denies this collector access',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the other side does not speak TLS 1.3',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET:
    'the connection was cut; where it happens at once each time, the server refuses the certificate',
};

export function tellNetworkError(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : alert_reasons[code];
  const bare = error.message || code || 'failed';
  return reason === undefined ? bare : `${reason} (${code})`;
}

/** Whether the failure lies in TLS: certificates, not the way there. */
export function isTlsFailure(error: unknown): boolean {
  const cause = error instanceof OperationalError ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  return /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO)/.test(code);
}

/** What was refused and what to do, as sentences. */
export const tellRefusal = ({ message, remedy }: { message: string; remedy: string }): string =>
  remedy === '' ? message : `${message.replace(/[.:\s]+$/, '')}. ${remedy}`;
