/** For those who watch the server: whether it is well, and its figures for Prometheus. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance } from 'fastify';
import type { ApiOptions } from './app.ts';
import { sendNotFound } from './failures.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function registerWatch(app: FastifyInstance, { isWell, metrics }: ApiOptions): void {
  app.get('/healthz', { schema: { hide: true } }, async (_, reply) =>
    reply
      .status(isWell() ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isWell() ? 'ok' : 'the engine is down, or its tables are being made' }),
  );
  if (metrics === undefined) {
    // Else the one page would answer, with 200, and a scraper would not know what to make of it.
    app.get('/metrics', { schema: { hide: true } }, async (request, reply) => sendNotFound(request, reply));
    return;
  }
  const wanted = digest(`Bearer ${metrics.token}`);
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), wanted))
      throw new OperationalError(
        'unauthenticated',
        'the token for /metrics is not the one of web.metrics_token',
      );
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await metrics.write());
  });
}
