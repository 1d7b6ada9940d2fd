/** Writes docs/reference/events.md from the samples of the submodules: `npx node scripts/events-page.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Action, actions } from '@apiary/model/event.ts';
import { submodules } from '../submodules/index.ts';
import { type ExpectedEvent, readSamples } from '../submodules/sample.ts';

const file = fileURLToPath(new URL('../docs/reference/events.md', import.meta.url));
const shown_characters = 60;

/** What counts as each action, in one sentence. */
const meanings: Record<Action, string> = {
  probe:
    'One target is contacted to see what it is: a connection, a packet that begins a contact, a page that is asked for, a request to amplify, an OPTIONS of SIP.',
  scan: 'Many targets are contacted one after another, as the sensor itself says; a sensor that sees each contact alone gives probes.',
  flood: 'A target is contacted so often that it is to fail.',
  authenticate:
    'An identity is presented to a target: each pair of a name and a password, or a key, whatever the protocol, let in or not.',
  bypass:
    'A target is reached round what guards it: a proxy request, a forwarded port, an exploit that the sensor recognised as one.',
  spoof: 'Somebody poses as another: a sender, an address, a part of a protocol.',
  read: 'Data are read where they lie: a file that is shown, registers, objects and attributes that are asked for.',
  copy: 'Data are copied to another place, or asked to be, and nothing says that their content left.',
  steal: 'Data left: their content went to the attacker.',
  modify: 'Data are changed or made: a file that is written, a register, a setting.',
  delete: 'Data are removed.',
  download:
    'A file came in: the attacker uploaded it, or had it fetched; the event has its URL and its hash where the sensor knows them.',
  input:
    'A process gets a command: a line that was typed, a statement, a message, bytes of a protocol that were sent to be acted on.',
};

const note =
  '<!-- Made by scripts/events-page.ts from the samples of the submodules; change them, then run: npx node scripts/events-page.ts -->';

/** Text of a sensor in a cell: its beginning, without what Markdown or a terminal would act on. */
function cell(text: string): string {
  if (text === '') return '';
  const plain = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').replaceAll('`', "'");
  const cut =
    [...plain].length > shown_characters ? `${[...plain].slice(0, shown_characters).join('')}…` : plain;
  return `\`${cut.replaceAll('|', '\\|')}\``;
}

/** What tells most about an event. */
function essence(event: ExpectedEvent): string {
  const text = (name: string): string => String(event[name] ?? '');
  if (event.action === 'authenticate')
    return [text('username'), text('password')].filter((part) => part !== '').join(' / ');
  const to_data = ['read', 'copy', 'steal', 'modify', 'delete'].includes(event.action as string);
  const told = [...(to_data ? ['target'] : []), 'command', 'url', 'file_sha256', 'signature', 'target'].map(
    text,
  );
  return told.find((part) => part !== '') ?? '';
}

function examplesOf(action: Action): string[] {
  return submodules.flatMap((submodule) => {
    const events = readSamples(submodule).flatMap(({ expected }) => expected.events);
    const event = events.find((other) => other.action === action);
    if (event === undefined) return [];
    const { target_kind = '', service = '', vantage = '', outcome = '' } = event;
    const link = `[${submodule.title}](../../submodules/${submodule.name}/README.md)`;
    return [`| ${[link, target_kind, service, vantage, outcome, cell(essence(event))].join(' | ')} |`];
  });
}

export function makeEventsPage(): string {
  const sections = actions.map((action) => {
    const examples = examplesOf(action);
    const table =
      examples.length === 0
        ? 'No sensor type that Apiary knows tells of it.'
        : `| sensor type | target | service | vantage | outcome | what it was |\n| --- | --- | --- | --- | --- | --- |\n${examples.join('\n')}`;
    return `## ${action}\n\n${meanings[action]}\n\n${table}\n`;
  });
  return `# What counts as which action

${note}

The same thing done to two honeypots gives the same event, whichever program saw it. Under each action stands what counts as it, and of every sensor type the first such event in its samples; the README of the type says for each of its lines what it becomes and why. The columns are those of [the event](event.md).

- One step of an attacker is one event, however many lines tell of it; what is told of it again is a record.
- What a sensor saw without an attack (a flow, a fingerprint, the end of a connection, its own start) is a record and no event.
- \`vantage\` says whose view it is. A honeypot and a network sensor that saw the same connection each give an event with the same addresses and ports; pages count the honeypot's.
- A protocol inside TLS has the same \`service\` as without.
- A password that came only as a hash is in \`extra['password_hash']\`, and \`password\` is empty.
- The outcome is what the sensor showed the attacker; where it did not show any, or does not tell, it is \`unknown\`.
- The client behind a proxy is the attacker only where the settings trust the proxy (\`honeypots.trusted_proxies\`) and the sensor writes down what it says: [what of it is believed](../guide/server.md#proxies-before-honeypots).

${sections.join('\n')}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(file, makeEventsPage());
