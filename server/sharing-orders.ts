/** What leaves the house by the command line: an incident as a file, feeds of indicators. */
import { make_feed_schema } from '@apiary/model/api/feeds.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { incident_formats, tlp_levels } from '@apiary/model/incident-words.ts';
import { examineApart } from './artifacts/examination.ts';
import { examineFiles } from './exports/examine-files.ts';
import { writeIncident } from './exports/incident-file.ts';
import { readInput } from './read-input.ts';
import { attacks_exported_max, readIncident } from './reports/incidents.ts';
import { readOwnAddresses } from './reports/own-addresses.ts';
import { wholeView } from './reports/view.ts';
import type { ApiaryServer } from './server.ts';
import { listFeeds, makeFeed, revokeFeed } from './state/feeds.ts';

type Args = Record<string, string>;

function oneOf<T extends string>(name: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((known) => known === value);
  if (found === undefined)
    throw new OperationalError('input_invalid', `${name} is "${value}"; it can be: ${allowed.join(', ')}`);
  return found;
}

export const sharing_orders = {
  /** An incident for others; what the API gives to who sees everything. */
  incident: async ({ store, state, artifacts }: ApiaryServer, args: Args, actor: string) => {
    const number = Number((args.number ?? '').replace(/^#/, ''));
    if (!Number.isInteger(number) || number < 1)
      throw new OperationalError('input_invalid', `"${args.number ?? ''}" is no number of an incident`);
    const format = oneOf('--format', incident_formats, args.format ?? 'stix');
    const tlp = oneOf('--tlp', tlp_levels, args.tlp ?? 'amber');
    const data = await readIncident(wholeView(store, state), number, attacks_exported_max);
    const examine = async (sha256: string) => examineApart(await artifacts.readArtifact(sha256));
    const contents = format === 'yara' ? await examineFiles(data, examine) : [];
    const { first_ts, last_ts } = data.incident;
    const reached = await readOwnAddresses(store, first_ts, last_ts);
    const { text } = await writeIncident(state, data, format, tlp, Date.now(), reached, contents);
    state.change(actor, 'export incident', `#${data.incident.number}`, { format, tlp }, () => undefined);
    return { text };
  },
  feedList: async ({ state }: ApiaryServer) => ({ feeds: listFeeds(state) }),
  /** `choice`: JSON of what the API takes, without the name. */
  feedAdd: async ({ state }: ApiaryServer, args: Args, actor: string) => {
    const choice = JSON.parse(args.choice ?? '{}') as object;
    const feed = readInput(make_feed_schema, { ...choice, name: args.name ?? '' }, 'the feed');
    return { feed: makeFeed(state, actor, feed, Date.now()) };
  },
  feedRevoke: async ({ state }: ApiaryServer, args: Args, actor: string) => {
    if (!/^\d{1,9}$/.test(args.id ?? ''))
      throw new OperationalError(
        'input_invalid',
        `"${args.id ?? ''}" is no number of a feed: apiary feed list`,
      );
    revokeFeed(state, actor, Number(args.id), Date.now());
    return {};
  },
} as const;
