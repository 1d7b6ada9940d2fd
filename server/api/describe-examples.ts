/** Puts the examples into the description of the API: bodies, and how each is asked from a shell. */
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { type ApiExample, api_examples } from './examples.ts';

const all: readonly ApiExample[] = Object.values(api_examples).flat();

/** How an example is asked from a shell, with `curl`. */
export function showRequest({ operation, path, body, persons_only }: ApiExample): string {
  const [method] = operation.split(' ');
  const cookies = operation === 'POST /login' ? '-c cookies' : '-b cookies';
  const who = persons_only === true ? cookies : '-H "Authorization: Bearer $TOKEN"';
  return [
    `curl ${who}${method === 'GET' ? '' : ` -X ${method}`}`,
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
    `"$APIARY/api/v1${path}"`,
  ].join(' ');
}

type Transform = typeof jsonSchemaTransform;

/** As `jsonSchemaTransform`, with the examples of the route. */
export const describeWithExamples = ((given: Parameters<Transform>[0]) => {
  const { schema, url } = jsonSchemaTransform(given);
  const path = given.url.replace(/^\/api\/v1/, '').replaceAll(/:(\w+)/g, '{$1}');
  const operations = [given.route.method].flat().map((method) => `${method} ${path}`);
  const own = all.filter(({ operation }) => operations.includes(operation));
  if (own.length === 0) return { schema, url };
  const samples = own.map((example) => ({
    lang: 'Shell',
    label: example.does,
    source: showRequest(example),
  }));
  const bodies = own.map(({ body }) => body).filter((body) => body !== undefined);
  const described = { ...schema, 'x-codeSamples': samples } as typeof schema & { body?: object };
  if (described.body !== undefined && bodies.length > 0)
    described.body = { ...(described.body as object), example: bodies[0] };
  return { schema: described, url };
}) as Transform;
