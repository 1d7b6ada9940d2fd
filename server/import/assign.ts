/** Which source of which sensor type a file belongs to: by its place and name as honeypots lay them, and by its form. */
import type { InspectedFile } from '@apiary/model/import.ts';
import { pathKey, type StreamSource, type SubmoduleStreams } from '@apiary/model/submodule.ts';

export interface Assignment {
  type: string;
  key: string;
}

export interface Candidate extends Assignment {
  source: StreamSource;
  /** How many parts of a usual path the file's own path ends with; 0 where none fits. */
  fit: number;
}

/** What rotation puts behind a name, and compression. */
const rotated = /(?:[._-](?:\d[\w.:+-]*?|old|bak|prev))*(?:\.(?:gz|zst|xz|bz2))?$/;
const compiled = new Map<string, RegExp>();

function matcherOf(part: string): RegExp {
  let matcher = compiled.get(part);
  if (matcher === undefined) {
    const source = part
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    matcher = new RegExp(`^${source}$`, 's');
    compiled.set(part, matcher);
  }
  return matcher;
}

/** The name itself, and what it was before it was rotated or dated: `name-20260131.json`, `name.json.2.gz`. */
function namesOf(name: string): string[] {
  const bare = name.replace(/\.(?:gz|zst|xz|bz2)$/, '');
  const names = [name, bare];
  for (let at = bare.search(/[._-](?:\d|old|bak|prev)/); at > 0 && at < bare.length; at += 1)
    if (/[._-]/.test(bare[at] ?? '') && rotated.test(bare.slice(at))) names.push(bare.slice(0, at));
  const dated = /^(.*?)[._-]\d[\d._:T-]*(\.[^.]+)$/s.exec(bare);
  if (dated !== null) names.push(`${dated[1]}${dated[2]}`);
  return [...new Set(names)];
}

/** What rotated brothers have in common. */
export const plainName = (name: string): string =>
  namesOf(name).reduce((best, one) => (one.length < best.length ? one : best));

/** How many parts from the end fit; the parts behind a pattern's last plain folder must all do. */
function fitOf(pattern: string, parts: readonly string[]): number {
  const wanted = pattern.split('/').filter((part) => part !== '');
  let fit = 0;
  while (fit < wanted.length && fit < parts.length) {
    const part = wanted[wanted.length - 1 - fit]!;
    const own = parts[parts.length - 1 - fit]!;
    const names = fit === 0 ? namesOf(own) : [own];
    if (!names.some((name) => matcherOf(part).test(name))) break;
    fit += 1;
  }
  // A pattern of nothing but a star says something only together with its folder.
  const plain = wanted
    .toReversed()
    .findIndex((part) => /[A-Za-z0-9]{2}/.test(part.replace(/\*\.[a-z]+$/, '')));
  return fit > plain && plain !== -1 ? fit : 0;
}

/** Every source whose usual places the path fits, best first. */
export function candidatesFor(shown: string, streams: readonly SubmoduleStreams[]): Candidate[] {
  const parts = shown.split('/').filter((part) => part !== '');
  return streams
    .flatMap(({ name: type, sources }) =>
      sources.map((source) => ({
        ...{ type, key: pathKey(source), source },
        fit: Math.max(0, ...source.usual_paths.map((path) => fitOf(path, parts))),
      })),
    )
    .filter(({ fit }) => fit > 0)
    .sort((one, other) => other.fit - one.fit);
}

/** Sources that a file of this form can be. */
export function fitsForm(
  source: StreamSource,
  { form, tables }: Pick<InspectedFile, 'form' | 'tables'>,
): boolean {
  switch (source.kind) {
    case 'sqlite':
      return form === 'sqlite' && [source.generation_table].flat().some((table) => tables.includes(table));
    case 'mysql':
      return form === 'mysqldump' && countTables(source, tables) > 0;
    case 'framed':
      return source.form.kind === 'capture' ? form === 'capture' : form === 'lines';
    case 'lines':
      return form === 'lines';
    default:
      return false;
  }
}

export function countTables(source: StreamSource, tables: readonly string[]): number {
  if (source.kind !== 'sqlite' && source.kind !== 'mysql') return 0;
  const lower = new Set(tables.map((table) => table.toLowerCase()));
  return source.tables.filter(({ table }) => lower.has(table.toLowerCase())).length;
}

/** By its tables: the type that has most of them; of two that have as many the one that has fewer others. */
export function byTables(file: InspectedFile, streams: readonly SubmoduleStreams[]): Assignment | undefined {
  const is_named = streams.length === 1;
  const found = streams
    .flatMap(({ name: type, sources }) =>
      sources
        .filter((source) => fitsForm(source, file))
        .map((source) => {
          const count = countTables(source, file.tables);
          const own = source.kind === 'sqlite' || source.kind === 'mysql' ? source.tables.length : 0;
          return { type, key: pathKey(source), count, absent: own - count };
        })
        // A program that was made from another one has its tables and more. Who names the type knows better.
        .filter(({ count }) => file.form === 'sqlite' || is_named || count === file.tables.length),
    )
    .sort((one, other) => other.count - one.count || one.absent - other.absent);
  const [best, next] = found;
  const is_tied = best?.count === next?.count && best?.absent === next?.absent;
  return best === undefined || is_tied ? undefined : { type: best.type, key: best.key };
}
