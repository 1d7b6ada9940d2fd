/** The built pages. Every address that is no file and no API is the one page, whose script finds its way. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import files from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendNotFound } from './failures.ts';
import { setSecurityHeaders } from './guard.ts';

/** Stands in index.html where the nonce of an answer belongs. */
const nonce_mark = '__NONCE__';
/** … and where it says whether this is a demonstration, also to who has not logged in. */
const demo_mark = '__DEMO__';

/** @param web_root a folder without index.html serves no pages, and says so */
export async function registerPages(app: FastifyInstance, web_root: string, demo: boolean): Promise<void> {
  const index_path = join(web_root, 'index.html');

  function sendIndex(reply: FastifyReply): FastifyReply {
    if (!existsSync(index_path))
      throw new OperationalError('not_found', 'the pages are not built: npm run build -w web');
    const nonce = randomBytes(16).toString('base64');
    setSecurityHeaders(reply, nonce);
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(readFileSync(index_path, 'utf8').replaceAll(nonce_mark, nonce).replace(demo_mark, String(demo)));
  }

  if (existsSync(join(web_root, 'assets')))
    await app.register(files, {
      root: join(web_root, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      // Their names carry a hash of what is in them.
      immutable: true,
      maxAge: '365d',
    });
  app.get('/favicon.svg', { schema: { hide: true } }, async (request, reply) => {
    const path = join(web_root, 'favicon.svg');
    if (!existsSync(path)) return sendNotFound(request, reply);
    return reply.type('image/svg+xml').send(readFileSync(path));
  });
  app.get('/', { schema: { hide: true } }, async (_, reply) => sendIndex(reply));
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    // A source's page ends in an address, which has dots: only beside the page itself a dot means a file.
    const file = /^\/(?:api|assets)(?:\/|$)|^\/[^/?]*\.\w+(?:\?|$)/.test(request.url);
    return file ? sendNotFound(request, reply) : sendIndex(reply);
  });
}
