/** Delivers a message to a channel: mail, a signed webhook, syslog. What attackers wrote is made harmless to read first. */
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import type { AlertMessage, ChannelTarget } from '@apiary/model/api/alerts.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { createTransport } from 'nodemailer';

export interface MailSettings {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  tls: boolean;
  from: string;
  user?: string | undefined;
  password?: string | undefined;
}

const timeout_ms = 15_000;
/** Facility local0, severity warning (RFC 5424). */
const syslog_priority = 16 * 8 + 4;

/** No control character, no mark that turns the direction of writing, no address that a program makes a link of. */
export const harmless = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
    .replace(
      /\b(ht|f)tp(s?):\/\//gi,
      (_, begin: string, end: string) => `${begin.toLowerCase() === 'ht' ? 'hxx' : 'fx'}p${end}://`,
    )
    .replace(/(?<=[a-z0-9])\.(?=[a-z]{2,}\b)/gi, '[.]');

function inWords({ lines, count, rule, time }: AlertMessage): string {
  const left = count - lines.length;
  return [`${rule}, ${time}`, '', ...lines.map(harmless), ...(left > 0 ? [`… and ${left} more`] : [])].join(
    '\n',
  );
}

/** @throws OperationalError `unreachable` with what the mail server said */
async function sendMail(
  { to }: Extract<ChannelTarget, { kind: 'email' }>,
  message: AlertMessage,
  settings: MailSettings | undefined,
): Promise<void> {
  if (settings === undefined)
    throw new OperationalError(
      'config_invalid',
      'there is no mail server: set mail.host and mail.from in apiary.yaml',
    );
  const { host, port, tls, user, password, from } = settings;
  const transport = createTransport({
    host,
    port,
    secure: tls,
    connectionTimeout: timeout_ms,
    socketTimeout: timeout_ms,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { attachment } = message;
    await transport.sendMail({
      from,
      to,
      subject: harmless(message.subject).slice(0, 200),
      text: inWords(message),
      ...(attachment === undefined
        ? {}
        : {
            attachments: [
              {
                filename: attachment.name,
                contentType: attachment.type,
                content: Buffer.from(attachment.base64, 'base64'),
              },
            ],
          }),
    });
  } finally {
    transport.close();
  }
}

/** The signature is over `time.body`, so that neither can be changed, nor an old one used again. */
export const signBody = (secret: string, time: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;

async function callWebhook(
  { url, secret }: Extract<ChannelTarget, { kind: 'webhook' }>,
  message: AlertMessage,
  now_ms: number,
): Promise<void> {
  const body = JSON.stringify(message);
  const time = String(Math.floor(now_ms / 1000));
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeout_ms),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'apiary',
      'x-apiary-timestamp': time,
      'x-apiary-signature': signBody(secret, time, body),
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok)
    throw new OperationalError('unreachable', `${new URL(url).host} answered ${response.status}`);
}

function syslogLine({ subject, lines, time }: AlertMessage): Buffer {
  const text = harmless([subject, ...lines].join(' | ')).slice(0, 2000);
  return Buffer.from(`<${syslog_priority}>1 ${time} ${hostname()} apiary - alert - ${text}`);
}

async function sendSyslog(
  { host, port, transport }: Extract<ChannelTarget, { kind: 'syslog' }>,
  message: AlertMessage,
): Promise<void> {
  const line = syslogLine(message);
  await new Promise<void>((resolve, reject) => {
    if (transport === 'udp') {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', reject);
      socket.send(line, port, host, (error) => {
        socket.close();
        if (error === null) resolve();
        else reject(error);
      });
      return;
    }
    const socket = connect({ host, port });
    socket.setTimeout(timeout_ms, () => socket.destroy(new Error(`no answer within ${timeout_ms / 1000} s`)));
    socket.once('error', reject);
    // Counted frames (RFC 6587): a line may hold anything.
    socket.once('connect', () => socket.end(Buffer.concat([Buffer.from(`${line.length} `), line])));
    socket.once('close', (failed) => {
      if (!failed) resolve();
    });
  });
}

/** @throws OperationalError, or the network's own error: what to tell of a try that failed */
export async function deliver(
  target: ChannelTarget,
  message: AlertMessage,
  mail: MailSettings | undefined,
  now_ms: number,
): Promise<void> {
  if (target.kind === 'email') return sendMail(target, message, mail);
  if (target.kind === 'webhook') return callWebhook(target, message, now_ms);
  return sendSyslog(target, message);
}
