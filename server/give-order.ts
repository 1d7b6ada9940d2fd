import { request } from 'node:http';
import { userInfo } from 'node:os';
import { type ErrorCode, error_codes, OperationalError } from '@apiary/model/errors.ts';
import { readBody } from './gateway/http.ts';
import type { OrderName } from './orders.ts';

const answer_bytes_max = 64 * 1024 * 1024;

/**
 * Gives an order to the server whose socket this is.
 * @throws OperationalError as the server's, or `server_not_running`
 */
export async function giveOrder(
  socket: string,
  name: OrderName,
  args: Record<string, string>,
): Promise<unknown> {
  const body = JSON.stringify({ name, args, actor: `${userInfo().username} (command line)` });
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const message = request(
      {
        socketPath: socket,
        agent: false,
        method: 'POST',
        path: '/',
        headers: { 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        readBody(response, answer_bytes_max).then(
          (bytes) => resolve({ status: response.statusCode ?? 500, text: bytes.toString('utf8') }),
          reject,
        );
      },
    );
    message.on('error', (error) =>
      reject(new OperationalError('server_not_running', `no server answers at ${socket} (${error.message})`)),
    );
    message.end(body);
  });
  const answer = JSON.parse(text) as {
    error?: { code: ErrorCode; message: string; details: Record<string, unknown> };
  };
  if (status === 200) return answer;
  const code = answer.error?.code;
  throw new OperationalError(
    code !== undefined && code in error_codes ? code : 'input_invalid',
    answer.error?.message ?? text,
    answer.error?.details,
  );
}
