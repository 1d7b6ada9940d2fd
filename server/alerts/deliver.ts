/** Delivers a message to a channel: mail, a signed webhook, syslog. What attackers wrote is made harmless to read first. */
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
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
/** Whoever answers a little, again and again, keeps others waiting no longer than this. */
export const whole_ms = 60_000;
/** Facility local0, severity warning (RFC 5424). */
const syslog_priority = 16 * 8 + 4;

/** No control character, no mark that turns the direction of writing, no address that a program makes a link of. */
export const harmless = (text: string): string =>
  text
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
      '\ufffd',
    )
    .replace(
      /\b(ht|f)tp(s?):\/\//gi,
      (_, begin: string, end: string) => `${begin.toLowerCase() === 'ht' ? 'hxx' : 'fx'}p${end}://`,
    )
    // Of file: and smb: mail programs make links too.
    .replace(/\b(?!hxxps?:|fxps?:)([a-z][a-z0-9+-]*):\/\//gi, '$1[:]//')
    .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2,})/gu, '[.]');

function inWords({ lines, count, rule, time }: AlertMessage): string {
  const left = count - lines.length;
  return [`${rule}, ${time}`, '', ...lines.map(harmless), ...(left > 0 ? [`… and ${left} more`] : [])].join(
    '\n',
  );
}

/**
 * @returns those of the addresses that the mail server refused while it took others
 * @throws OperationalError, or what the mail server or the network said
 */
async function sendMail(
  to: readonly string[],
  message: AlertMessage,
  settings: MailSettings | undefined,
  whole: number,
): Promise<string[]> {
  if (settings === undefined)
    throw new OperationalError(
      'config_invalid',
      'there is no mail server: set mail.host and mail.from in apiary.yaml',
    );
  const { host, port, tls, user, password, from } = settings;
  // A connection of our own: one that the mail server keeps busy can be ended.
  const connection = connect({ host, port });
  let is_late = false;
  const timer = setTimeout(() => {
    is_late = true;
    connection.destroy();
  }, whole);
  try {
    await once(connection, 'connect', { signal: AbortSignal.timeout(timeout_ms) });
    const transport = createTransport({
      host,
      port,
      connection,
      secure: tls,
      socketTimeout: timeout_ms,
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const { attachment } = message;
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
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
    return rejected;
  } catch (error) {
    if (is_late)
      throw new OperationalError('unreachable', `${host} had not taken it after ${whole / 1000} s`);
    if ((error as Error).name === 'AbortError')
      throw new OperationalError('unreachable', `${host} did not answer within ${timeout_ms / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
    connection.destroy();
  }
}

/** The signature is over `time.body`, so that neither can be changed, nor an old one used again. */
export const signBody = (secret: string, time: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;

async function callWebhook(
  { url, secret }: Extract<ChannelTarget, { kind: 'webhook' }>,
  message: AlertMessage,
  now_ms: number,
  whole: number,
): Promise<void> {
  const body = JSON.stringify(message);
  const time = String(Math.floor(now_ms / 1000));
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(Math.min(timeout_ms, whole)),
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
  whole: number,
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
    const end = (ms: number) => () => socket.destroy(new Error(`no answer within ${ms / 1000} s`));
    socket.setTimeout(timeout_ms, end(timeout_ms));
    const timer = setTimeout(end(whole), whole);
    socket.once('error', reject);
    // Some answer, and nobody reads it: left unread it would keep the connection from ending.
    socket.resume();
    // Counted frames (RFC 6587): a line may hold anything.
    socket.once('connect', () => socket.end(Buffer.concat([Buffer.from(`${line.length} `), line])));
    socket.once('close', (failed) => {
      clearTimeout(timer);
      if (!failed) resolve();
    });
  });
}

/**
 * @param to of a mail, those that have not got it yet; otherwise all of the channel
 * @returns those that the mail server refused while it took others
 * @throws OperationalError, or the network's own error: what to tell of a try that failed
 */
export async function deliver(
  target: ChannelTarget,
  message: AlertMessage,
  mail: MailSettings | undefined,
  now_ms: number,
  { to, whole = whole_ms }: { to?: readonly string[] | undefined; whole?: number | undefined } = {},
): Promise<string[]> {
  if (target.kind === 'email') return sendMail(to ?? target.to, message, mail, whole);
  if (target.kind === 'webhook') await callWebhook(target, message, now_ms, whole);
  else await sendSyslog(target, message, whole);
  return [];
}
