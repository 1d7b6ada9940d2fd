/**
 * An example of every operation of the API, in an order in which they can be asked one after another of a server with
 * records: the suite does. They stand in the description of the API and in docs/reference/api.md.
 *
 * Words in capitals stand for what the server has: EVENT, SESSION and so on are found there, others are `taken` out of
 * the answer before.
 */
export interface ApiExample {
  /** Method and path as the description of the API has it. */
  operation: string;
  /** The path as it is asked, behind `/api/v1`. */
  path: string;
  body?: unknown;
  does: string;
  /** Words that later examples use, by the field of the answer in which their value is. */
  takes?: Readonly<Record<string, string>>;
  /** Of a log-in, and not of a program with a token. */
  persons_only?: true;
  /** Why the suite does not ask it. */
  left_out?: string;
}

const channel = { name: 'our collector of logs', target: { kind: 'syslog', host: '127.0.0.1', port: 5514 } };
const mail = { name: 'the team', target: { kind: 'email', to: ['team@example.org'] } };
const alert = {
  name: 'log-ins that succeeded',
  condition: { kind: 'events', q: 'action:authenticate and outcome:success', more_than: 0, minutes: 5 },
  channels: ['CHANNEL'],
};
const schedule = {
  ...{ name: 'passwords of the week', address: '/reports/global/passwords?last=7d', format: 'html' },
  ...{ every: 'week', hour: 6, channel_id: 'MAIL' },
};
const rule = {
  ...{ name: 'our-worm', title: 'Our worm', kind: 'botnet', tool: null, weight: 0.7 },
  conditions: [{ field: 'command', contains: '/tmp/ourworm' }],
  source: 'seen by us',
};
const honeypot = {
  ...{
    name: 'pot-9',
    interaction: 'medium',
    role: 'server',
    location: 'Košice',
    latitude: 48.7,
    longitude: 21.3,
  },
  services: [{ service: 'ssh', transport: 'tcp', port: 22, vulnerability: 'weak passwords' }],
};
const now_ms = 1_796_000_000_000;

const account: ApiExample[] = [
  {
    ...{ operation: 'POST /login', path: '/login', does: 'Logs in; the answer sets a cookie' },
    ...{ body: { name: 'NAME', password: 'PASSWORD' }, persons_only: true },
  },
  { operation: 'GET /me', path: '/me', does: 'Who asks, and when the log-in or token ends' },
  { operation: 'GET /openid', path: '/openid', does: 'Whether people can log in elsewhere' },
  { operation: 'GET /users', path: '/users', does: 'All users', persons_only: true },
  {
    ...{
      operation: 'POST /users',
      path: '/users',
      does: 'Adds an analyst of one honeynet',
      persons_only: true,
    },
    body: {
      ...{ name: 'zuzana', role: 'viewer', password: 'a long password' },
      honeynets: [{ honeynet_id: 1, role: 'analyst' }],
    },
    takes: { USER: 'user_id' },
  },
  {
    ...{
      operation: 'PATCH /users/{user_id}',
      path: '/users/USER',
      does: 'Shuts a user out',
      persons_only: true,
    },
    body: { disabled: true },
  },
  {
    ...{
      operation: 'POST /password',
      path: '/password',
      does: 'Changes your own password',
      persons_only: true,
    },
    body: { password: 'PASSWORD', new_password: 'another long password' },
    left_out: 'the others log in with the old one',
  },
  {
    ...{
      operation: 'POST /tokens',
      path: '/tokens',
      does: 'Makes a token for a program',
      persons_only: true,
    },
    ...{ body: { name: 'blocklist', scope: 'read', days: 90 }, takes: { TOKEN_ID: 'token_id' } },
  },
  { operation: 'GET /tokens', path: '/tokens', does: 'Your tokens', persons_only: true },
  {
    ...{ operation: 'DELETE /tokens/{token_id}', path: '/tokens/TOKEN_ID', does: 'Revokes a token' },
    persons_only: true,
  },
  {
    ...{ operation: 'POST /logout', path: '/logout', does: 'Logs out', persons_only: true },
    left_out: 'the others need the log-in',
  },
];

const events: ApiExample[] = [
  { operation: 'GET /overview', path: '/overview?last=24h', does: 'The counts of the last day' },
  {
    ...{
      operation: 'GET /events',
      path: '/events?last=7d&service=ssh&limit=20',
      does: 'The newest 20 events of SSH',
    },
    takes: { NEXT: 'next' },
  },
  {
    operation: 'GET /events',
    path: '/events?last=7d&service=ssh&limit=20&before=NEXT',
    does: 'The 20 before them: `next` of the page before, until it is null',
  },
  {
    operation: 'GET /events/count',
    path: `/events/count?last=7d&q=${encodeURIComponent('username:root and not country:SK')}`,
    does: 'How many events a filter in words finds',
  },
  { operation: 'GET /events/{key}', path: '/events/EVENT', does: 'One event with its record and raw bytes' },
  {
    operation: 'GET /events/{key}/attack',
    path: '/events/EVENT/attack',
    does: 'To which attack and incident it belongs',
  },
  {
    operation: 'GET /sessions/{sensor_id}/{session}',
    path: '/sessions/SENSOR/SESSION',
    does: 'A session whole, in order of time',
  },
  {
    operation: 'GET /sessions/{sensor_id}/{session}/recordings',
    path: '/sessions/SENSOR/SESSION/recordings',
    does: 'Its terminal recordings, frame by frame',
  },
  { operation: 'GET /sources/{address}', path: '/sources/SOURCE?last=7d', does: 'What one source did' },
  { operation: 'GET /search', path: '/search?q=SOURCE', does: 'What a text may be' },
  {
    operation: 'GET /live',
    path: '/live?service=ssh',
    does: 'New events as they arrive: server-sent events, without end',
  },
  { operation: 'GET /artifacts', path: '/artifacts?last=30d', does: 'Files that came along' },
  { operation: 'GET /artifacts/{sha256}', path: '/artifacts/FILE', does: 'Who sent a file' },
  {
    operation: 'GET /artifacts/{sha256}/sessions',
    path: '/artifacts/FILE/sessions',
    does: 'The sessions of a file',
  },
  {
    operation: 'GET /artifacts/{sha256}/content',
    path: '/artifacts/FILE/content',
    does: 'What can be seen of it',
  },
  {
    operation: 'GET /artifacts/{sha256}/zip',
    path: '/artifacts/FILE/zip',
    does: 'The file, in a ZIP with the password `infected`',
  },
];

const questions: ApiExample[] = [
  { operation: 'GET /reports', path: '/reports', does: 'The catalogue of reports' },
  {
    operation: 'GET /reports/{kind}/{name}',
    path: '/reports/global/passwords?last=7d',
    does: 'What a report answers',
  },
  {
    operation: 'GET /reports/{kind}/{name}/file',
    path: '/reports/global/passwords/file?last=7d&format=csv',
    does: 'The same as CSV',
  },
  {
    operation: 'GET /explore',
    path: '/explore?last=7d&measure=events&measure=sources&by=service&by=attacker_country&over=all',
    does: 'Events and sources by service and country',
  },
  {
    operation: 'GET /explore/file',
    path: '/explore/file?last=7d&by=service&over=time&format=csv',
    does: 'Events by service over time, as CSV',
  },
  {
    ...{ operation: 'POST /saved', path: '/saved', does: 'Keeps a question under a name' },
    ...{ body: { name: 'Telnet', address: '/events?service=telnet' }, takes: { SAVED: 'saved_id' } },
  },
  { operation: 'GET /saved', path: '/saved', does: 'Questions that were kept' },
  { operation: 'DELETE /saved/{saved_id}', path: '/saved/SAVED', does: 'Removes one' },
  { operation: 'GET /sql/schema', path: '/sql/schema', does: 'Tables that a statement may read' },
  {
    ...{ operation: 'POST /sql', path: '/sql', does: 'Runs one SELECT' },
    body: { query: 'SELECT service, count() AS events FROM event GROUP BY service ORDER BY events DESC' },
  },
];

const incidents: ApiExample[] = [
  { operation: 'GET /incidents', path: '/incidents?last=7d&order=newest', does: 'Incidents of a week' },
  {
    operation: 'GET /incidents/{number}',
    path: '/incidents/INCIDENT',
    does: 'One with its attacks and reasons',
  },
  {
    operation: 'GET /incidents/{number}/sessions',
    path: '/incidents/INCIDENT/sessions',
    does: 'Its sessions',
  },
  {
    operation: 'GET /incidents/{number}/credentials',
    path: '/incidents/INCIDENT/credentials',
    does: 'What it tried',
  },
  {
    ...{ operation: 'POST /incidents/{number}/judgements', path: '/incidents/INCIDENT/judgements' },
    ...{ does: 'Decides who the attacker is', body: { field: 'attacker', value: 'vandal' } },
  },
  { operation: 'GET /attacks', path: '/attacks?last=7d', does: 'Attacks of a week' },
  { operation: 'GET /attacks', path: '/attacks?last=7d&source=SOURCE', does: 'Those of one source' },
  {
    operation: 'GET /attacks',
    path: '/attacks?last=7d&sensor=SENSOR&session=SESSION',
    does: 'Those that a session is part of',
  },
  { operation: 'GET /attacks/{attack_id}', path: '/attacks/ATTACK', does: 'One with its events and reasons' },
  {
    ...{ operation: 'POST /attacks/{attack_id}/judgements', path: '/attacks/ATTACK/judgements' },
    ...{ does: 'Decides with which tool it was made', body: { field: 'tool', value: 'user command' } },
  },
  {
    operation: 'GET /taxonomy',
    path: '/taxonomy?last=7d',
    does: 'How often each word of the taxonomy holds',
  },
  {
    ...{ operation: 'POST /incidents/{number}/join', path: '/incidents/INCIDENT/join' },
    ...{ does: 'Joins two incidents', body: { number: 'OTHER_INCIDENT', reason: 'one payload' } },
    takes: { JOINED: 'number' },
  },
  {
    ...{ operation: 'GET /incidents/{number}', path: '/incidents/JOINED', does: 'What was joined to it' },
    takes: { GROUPING: 'groupings.0.grouping_id' },
  },
  { operation: 'DELETE /groupings/{grouping_id}', path: '/groupings/GROUPING', does: 'Takes that back' },
  {
    ...{ operation: 'POST /incidents/{number}/split', path: '/incidents/SPLIT_INCIDENT/split' },
    ...{ does: 'Sets an attack apart', body: { attacks: ['SPLIT_ATTACK'], reason: 'another hand' } },
  },
  {
    operation: 'GET /incidents/{number}/file',
    path: '/incidents/INCIDENT/file?format=stix&tlp=amber',
    does: 'An incident for others',
  },
  {
    operation: 'GET /incidents/file',
    path: '/incidents/file?numbers=INCIDENT,OTHER_INCIDENT&format=csv',
    does: 'Several in one file',
  },
  {
    operation: 'GET /incidents/{number}/abuse',
    path: '/incidents/INCIDENT/abuse?source=INCIDENT_SOURCE',
    does: 'A report of abuse, for you to send',
    left_out: 'the demonstration has nobody who reports (sharing.organisation, sharing.contact)',
  },
  {
    operation: 'GET /incidents/{number}/evidence',
    path: '/incidents/INCIDENT/evidence',
    does: 'Its records as signed evidence',
  },
  { operation: 'GET /rules', path: '/rules', does: 'Rules of families' },
  { ...{ operation: 'PUT /rules', path: '/rules', does: 'Puts a rule in place, switched off' }, body: rule },
  {
    ...{ operation: 'POST /rules/trial', path: '/rules/trial', does: 'What it would change in a week' },
    body: { rule, last: '7d' },
  },
  {
    ...{ operation: 'PUT /rules/{name}/switch', path: '/rules/our-worm/switch', does: 'Switches it on' },
    body: { is_on: true },
  },
  { operation: 'DELETE /rules/{name}', path: '/rules/our-worm', does: 'Removes it' },
  {
    ...{ operation: 'POST /feeds', path: '/feeds', does: 'Makes a feed; its link is told this once' },
    body: { name: 'sources', kinds: ['address'], days: 14, tlp: 'green' },
    takes: { FEED: 'feed_id', SECRET: 'secret' },
  },
  { operation: 'GET /feeds', path: '/feeds', does: 'Feeds and how often they were asked for' },
  {
    operation: 'GET /feed/{secret}/{format}',
    path: '/feed/SECRET/txt',
    does: 'What a feed gives; needs no log-in',
  },
  { operation: 'DELETE /feeds/{feed_id}', path: '/feeds/FEED', does: 'Revokes it' },
];

const house: ApiExample[] = [
  { operation: 'GET /sensors', path: '/sensors', does: 'How sensors and collectors are' },
  {
    ...{ operation: 'POST /notices/{alert_id}/close', path: '/notices/NOTICE/close' },
    does: 'Lays a notice of that answer aside (`alert_id`)',
    left_out: 'the demonstration notices nothing',
  },
  { operation: 'GET /gateways', path: '/gateways', does: 'Gateways before the server' },
  { operation: 'GET /inventory', path: '/inventory', does: 'What stands where' },
  {
    ...{ operation: 'POST /honeynets', path: '/honeynets', does: 'Adds a honeynet' },
    ...{ body: { name: 'campus', owners: 'CSIRT' }, takes: { HONEYNET: 'id' } },
  },
  {
    ...{ operation: 'PUT /honeynets/{honeynet_id}', path: '/honeynets/HONEYNET', does: 'Changes it' },
    body: { name: 'campus', owners: 'CSIRT', description: 'two buildings' },
  },
  {
    ...{ operation: 'POST /honeypots', path: '/honeypots', does: 'Adds a honeypot' },
    ...{ body: honeypot, takes: { HONEYPOT: 'id' } },
  },
  {
    ...{ operation: 'PUT /honeypots/{honeypot_id}', path: '/honeypots/HONEYPOT', does: 'Changes it' },
    body: { ...honeypot, description: 'behind the library' },
  },
  {
    ...{ operation: 'POST /honeypots/{honeypot_id}/addresses', path: '/honeypots/HONEYPOT/addresses' },
    ...{
      does: 'It has an address from a moment on',
      body: { address: '192.0.2.9', side: 'public', from_ms: now_ms },
    },
  },
  {
    ...{
      operation: 'POST /honeypots/{honeypot_id}/addresses/end',
      path: '/honeypots/HONEYPOT/addresses/end',
    },
    ...{ does: '… until another', body: { address: '192.0.2.9', side: 'public', to_ms: now_ms + 1000 } },
  },
  {
    ...{ operation: 'POST /honeypots/{honeypot_id}/honeynets', path: '/honeypots/HONEYPOT/honeynets' },
    ...{ does: 'It joins a honeynet', body: { honeynet_id: 'HONEYNET', from_ms: now_ms } },
  },
  {
    operation: 'POST /honeypots/{honeypot_id}/honeynets/{honeynet_id}/end',
    path: '/honeypots/HONEYPOT/honeynets/HONEYNET/end',
    ...{ does: '… and leaves it', body: { to_ms: now_ms + 1000 } },
  },
  {
    ...{ operation: 'PUT /sensors/{sensor_id}', path: '/sensors/SENSOR', does: 'Describes a sensor' },
    body: { description: 'Cowrie in the library' },
  },
  {
    ...{ operation: 'POST /sensors/{sensor_id}/honeypots', path: '/sensors/SENSOR/honeypots' },
    ...{
      does: 'A sensor watches a honeypot, beside others',
      body: { honeypot_id: 'HONEYPOT', from_ms: now_ms, beside: true },
    },
  },
  {
    operation: 'POST /sensors/{sensor_id}/honeypots/{honeypot_id}/end',
    path: '/sensors/SENSOR/honeypots/HONEYPOT/end',
    ...{ does: '… until a moment', body: { to_ms: now_ms + 1000 } },
  },
  {
    ...{ operation: 'POST /known_sources', path: '/known_sources', does: 'Marks a scanner of your own' },
    body: { network: '198.18.0.0/24', kind: 'own_scanner', name: 'our scanner' },
  },
  {
    operation: 'DELETE /known_sources',
    path: '/known_sources?network=198.18.0.0/24',
    does: 'Marks it no longer',
  },
  {
    ...{ operation: 'POST /alerts/channels', path: '/alerts/channels', does: 'Adds a channel by syslog' },
    ...{ body: channel, takes: { CHANNEL: 'id' } },
  },
  {
    ...{ operation: 'PUT /alerts/channels/{id}', path: '/alerts/channels/CHANNEL', does: 'Changes it' },
    body: channel,
  },
  {
    ...{ operation: 'POST /alerts/channels/{id}/test', path: '/alerts/channels/CHANNEL/test' },
    does: 'Sends it a message, to try it',
  },
  {
    ...{ operation: 'POST /alerts/rules', path: '/alerts/rules', does: 'Adds an alert' },
    ...{ body: alert, takes: { ALERT: 'id' } },
  },
  {
    ...{ operation: 'PUT /alerts/rules/{id}', path: '/alerts/rules/ALERT', does: 'Changes it' },
    body: { ...alert, enabled: false },
  },
  {
    ...{ operation: 'POST /alerts/channels', path: '/alerts/channels', does: 'Adds one by mail' },
    ...{ body: mail, takes: { MAIL: 'id' } },
  },
  {
    ...{
      operation: 'POST /alerts/schedules',
      path: '/alerts/schedules',
      does: 'Sends a report by mail every Monday',
    },
    ...{ body: schedule, takes: { SCHEDULE: 'id' } },
  },
  {
    ...{ operation: 'PUT /alerts/schedules/{id}', path: '/alerts/schedules/SCHEDULE', does: 'Changes when' },
    body: { ...schedule, every: 'month' },
  },
  { operation: 'GET /alerts', path: '/alerts', does: 'All of it, and the messages that went out' },
  {
    operation: 'DELETE /alerts/schedules/{id}',
    path: '/alerts/schedules/SCHEDULE',
    does: 'Removes a schedule',
  },
  { operation: 'DELETE /alerts/rules/{id}', path: '/alerts/rules/ALERT', does: 'Removes an alert' },
  { operation: 'DELETE /alerts/channels/{id}', path: '/alerts/channels/CHANNEL', does: 'Removes a channel' },
  { operation: 'GET /settings', path: '/settings', does: 'Settings in force, and where they come from' },
  {
    ...{ operation: 'PUT /settings/retention/{kind}', path: '/settings/retention/records' },
    ...{ does: 'Keeps records for two years', body: { days: 730, bytes_max: null } },
  },
  {
    ...{ operation: 'PUT /settings/mail', path: '/settings/mail', does: 'The server that takes mail' },
    body: { host: 'mail.example.org', port: 587, tls: false, from: 'apiary@example.org', user: null },
  },
  {
    operation: 'DELETE /settings/{name}',
    path: '/settings/mail',
    does: 'From now on as the settings file says',
  },
  {
    ...{
      operation: 'PUT /settings/geo',
      path: '/settings/geo',
      does: 'Other files of countries and networks',
    },
    body: { country: ['/var/lib/apiary/country.csv'], as: ['/var/lib/apiary/as.csv'] },
    left_out: 'the files are not there',
  },
  { operation: 'GET /audit', path: '/audit?limit=20', does: 'Who did what' },
];

/** By what they are about, as the pages of docs/reference/api.md. */
export const api_examples: Readonly<Record<string, readonly ApiExample[]>> = {
  'Account and programs': account,
  'Events, sessions, sources and files': events,
  'Reports and questions': questions,
  'Incidents, rules and what is shared': incidents,
  'The house': house,
};
