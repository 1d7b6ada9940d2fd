/**
 * A server of TAXII 2.1 (OASIS Standard, 2021) that is read from: incidents and feeds as collections. A client shows a
 * token of a user who sees everything, as bearer or as the password of HTTP's basic scheme.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  listCollections,
  type Match,
  type Offer,
  readPage,
  readPlace,
  versionOf,
} from '../exports/taxii-collections.ts';
import type { ApiContext } from './app.ts';
import { makeSendError } from './failures.ts';

const media_type = 'application/taxii+json;version=2.1';
const stix_type = 'application/stix+json;version=2.1';
const limit_default = 100;
const limit_max = 1000;
/** We take nothing; the word is required of an API root (section 4.2.1). */
const content_length_max = 1;
/** What a collection offers is reckoned anew once in so long. */
const kept_ms = 30_000;

type Query = Record<string, string | undefined>;

/** HTTP's basic scheme (RFC 7617): the password is the token, whatever the name. */
function takeBasic(request: FastifyRequest): void {
  const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return;
  const pair = Buffer.from(basic, 'base64').toString();
  request.headers.authorization = `Bearer ${pair.slice(pair.indexOf(':') + 1)}`;
}

/** Section 1.6.8.1: a client names the version that it speaks, or takes any. */
function checkAccept(request: FastifyRequest): boolean {
  const accepted = (request.headers.accept ?? '*/*').toLowerCase().split(',');
  return accepted.some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim());
    const version = parameters.find((part) => part.startsWith('version='))?.slice('version='.length);
    const is_ours = ['application/taxii+json', 'application/*', '*/*'].includes(type);
    return is_ours && (version === undefined || version === '2.1');
  });
}

/** The error message of section 3.6.1. */
const makeSendTaxiiError =
  (log: (message: string) => void) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.header('content-type', media_type);
    if (!(error instanceof OperationalError)) return makeSendError(log)(error, request, reply);
    const { status, code, message, remedy } = error;
    if (status === 401) reply.header('www-authenticate', 'Basic realm="Apiary TAXII"');
    const body = { title: message, description: remedy, error_code: code, http_status: String(status) };
    return reply.status(status).send(Buffer.from(JSON.stringify(body)));
  };

/** @throws OperationalError input_invalid for what is given twice: several values have commas between them */
function readQuery(request: FastifyRequest): Query {
  const query = request.query as Record<string, string | string[]>;
  const twice = Object.keys(query).find((name) => typeof query[name] !== 'string');
  if (twice !== undefined)
    throw new OperationalError(
      'input_invalid',
      `${twice} may be given once; several values have commas between them`,
    );
  return query as Query;
}

const listOf = (text: string | undefined): string[] | null => (text === undefined ? null : text.split(','));

function readMatch(query: Query, id?: string): Match {
  const versions = listOf(query['match[version]']);
  const spec = listOf(query['match[spec_version]']);
  return {
    ids: id === undefined ? listOf(query['match[id]']) : [id],
    // Everything is STIX 2.1: who asks for another alone gets nothing.
    types: spec !== null && !spec.includes('2.1') ? [] : listOf(query['match[type]']),
    // There is one version of each, which is the first and the last.
    versions:
      versions === null || versions.some((one) => ['all', 'first', 'last'].includes(one)) ? null : versions,
  };
}

/** @throws OperationalError input_invalid */
function readCut(query: Query): {
  added_after_ms: number | null;
  place: ReturnType<typeof readPlace>;
  limit: number;
} {
  const bad = (name: string, must: string): never => {
    throw new OperationalError('input_invalid', `${name}: ${JSON.stringify(query[name])} must be ${must}`);
  };
  const { added_after, next, limit } = query;
  const added_after_ms = added_after === undefined ? null : Date.parse(added_after);
  if (Number.isNaN(added_after_ms)) bad('added_after', 'a time as 2026-01-31T12:00:00Z');
  const place = next === undefined ? null : (readPlace(next) ?? bad('next', 'what an answer gave as next'));
  const count =
    limit === undefined
      ? limit_default
      : /^[1-9]\d{0,8}$/.test(limit)
        ? Number(limit)
        : bad('limit', 'a number from 1');
  return { added_after_ms, place, limit: Math.min(count, limit_max) };
}

export function registerTaxii(app: FastifyInstance, context: ApiContext): void {
  const { view, guard, now_ms } = context;
  const kept = new Map<string, { until_ms: number; offers: Promise<Offer[]> }>();
  const requireWhole = guard.requireWhole('administrator', 'analyst');

  const find = (request: FastifyRequest) => {
    const { id } = request.params as { id: string };
    const collection = listCollections(view(request)).find((one) => one.id === id);
    if (collection === undefined) throw new OperationalError('not_found', `there is no collection ${id}`);
    return collection;
  };
  const offersOf = (request: FastifyRequest): Promise<Offer[]> => {
    const { id, offers } = find(request);
    const held = kept.get(id);
    if (held !== undefined && held.until_ms > now_ms()) return held.offers;
    const made = offers(now_ms());
    kept.set(id, { until_ms: now_ms() + kept_ms, offers: made });
    made.catch(() => kept.delete(id));
    return made;
  };
  const pageOf = async (request: FastifyRequest, reply: FastifyReply) => {
    const query = readQuery(request);
    const { object } = request.params as { object?: string };
    const page = await readPage(await offersOf(request), readMatch(query, object), readCut(query));
    if (object !== undefined && page.objects.length === 0)
      throw new OperationalError('not_found', `there is no object ${object}`);
    const [first, last] = [page.objects[0], page.objects.at(-1)];
    if (first !== undefined && last !== undefined)
      reply.headers({
        'x-taxii-date-added-first': new Date(first.added_ms).toISOString(),
        'x-taxii-date-added-last': new Date(last.added_ms).toISOString(),
      });
    return { page, more: { more: page.next !== null, ...(page.next === null ? {} : { next: page.next }) } };
  };
  const tell = ({ id, title, description }: { id: string; title: string; description: string }) => ({
    id,
    title,
    description,
    can_read: true,
    can_write: false,
    media_types: [stix_type],
  });

  void app.register(
    async (taxii) => {
      taxii.setErrorHandler(makeSendTaxiiError(context.log));
      taxii.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'no-store');
        takeBasic(request);
        await guard.requireLogin(request);
        await requireWhole(request);
        if (!checkAccept(request)) {
          const body = { title: `this server speaks ${media_type}`, http_status: '406' };
          return reply
            .status(406)
            .header('content-type', media_type)
            .send(Buffer.from(JSON.stringify(body)));
        }
        return undefined;
      });
      const get = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
        // Addresses end in a slash; clients that leave it out are answered too.
        for (const one of new Set([path, path.replace(/(?<=.)\/$/, '')]))
          taxii.get(one, { schema: { hide: true } }, async (request, reply) => {
            const body = JSON.stringify(await answer(request, reply));
            return reply.header('content-type', media_type).send(Buffer.from(body));
          });
      };
      // What is nowhere is said in the client's own language, and not with the start page.
      taxii.all('/*', { schema: { hide: true } }, async ({ method, url }) => {
        throw new OperationalError('not_found', `there is no ${method} ${url.split('?')[0]}`);
      });
      // Sections 5.4 and 5.6: nothing is written, whatever comes.
      taxii.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
      for (const path of ['/apiary/collections/:id/objects/', '/apiary/collections/:id/objects/:object/'])
        for (const url of [path, path.slice(0, -1)])
          taxii.route({
            method: path.endsWith(':object/') ? 'DELETE' : 'POST',
            url,
            schema: { hide: true },
            handler: async (request) => {
              const { title } = find(request);
              throw new OperationalError('forbidden', `the collection ${title} is read only`);
            },
          });
      get('/', (request) => {
        const root = `${request.protocol}://${request.host}/taxii2/apiary/`;
        return {
          title: 'Apiary',
          description: 'What honeypots saw, as incidents and feeds of indicators',
          default: root,
          api_roots: [root],
        };
      });
      get('/apiary/', () => ({
        title: 'Apiary',
        versions: [media_type],
        max_content_length: content_length_max,
      }));
      get('/apiary/collections/', (request) => ({ collections: listCollections(view(request)).map(tell) }));
      get('/apiary/collections/:id/', (request) => tell(find(request)));
      get('/apiary/collections/:id/manifest/', async (request, reply) => {
        const { page, more } = await pageOf(request, reply);
        return {
          ...more,
          objects: page.objects.map(({ object, added_ms }) => ({
            id: object.id,
            date_added: new Date(added_ms).toISOString(),
            version: versionOf(object),
            media_type: stix_type,
          })),
        };
      });
      const objects = async (request: FastifyRequest, reply: FastifyReply) => {
        const { page, more } = await pageOf(request, reply);
        return { ...more, objects: page.objects.map(({ object }) => object) };
      };
      get('/apiary/collections/:id/objects/', objects);
      get('/apiary/collections/:id/objects/:object/', objects);
      get('/apiary/collections/:id/objects/:object/versions/', async (request, reply) => {
        const { page, more } = await pageOf(request, reply);
        return { ...more, versions: page.objects.map(({ object }) => versionOf(object)) };
      });
    },
    { prefix: '/taxii2' },
  );
}
