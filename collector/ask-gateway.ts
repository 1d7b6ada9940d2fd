/** A request to the gateway that answers: where one does not, the next is asked the next time. */
import type { Agent } from 'node:http';
import { type Answer, type Exchange, exchange, readRefusal } from './exchange.ts';
import { type Identity, parseHostPort } from './identity.ts';

/** @throws OperationalError `unreachable` */
export async function askGateway(
  identity: Identity,
  asked: Omit<Exchange, 'host' | 'port' | 'agent'> & { agent: Agent | undefined },
): Promise<Answer> {
  const { gateway } = identity;
  try {
    const answer = await exchange({ ...asked, ...parseHostPort(gateway) });
    // It is there, and the server behind it is not: another may reach it.
    if (answer.status === 503 && readRefusal(answer).code === 'server_away') identity.turnFrom(gateway);
    return answer;
  } catch (error) {
    identity.turnFrom(gateway);
    throw error;
  }
}
