/** The page of the documentation that says how far the program agrees with people over whole sessions. */
import type { LinkAgreement } from './link-agreement.ts';
import type { Score, SessionAgreement } from './session-agreement.ts';
import { sessions_of_tool_min } from './session-agreement.ts';

export interface MeasuredGroup {
  sessions: number;
  attacks: number;
  agreement: SessionAgreement;
  links: LinkAgreement;
}

export interface MeasuredSessions {
  /** Labelled sessions of whose lines no event came. */
  without_event: number;
  groups: Record<string, MeasuredGroup>;
}

const two = (value: number): string => value.toFixed(2);
const range = (interval: readonly number[]): string => interval.map(two).join('–');
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [
    `| ${head.join(' | ')} |`,
    `| --- |${head
      .slice(1)
      .map(() => ' ---: |')
      .join('')}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

const scoreRows = (scores: Record<string, Score>): (string | number)[][] =>
  Object.entries(scores).map(([name, { sessions, precision, recall, f1, interval }]) => [
    ...[name, sessions, two(precision), two(recall), two(f1), range(interval)],
  ]);
const score_head = ['Sessions', 'Precision', 'Recall', 'F1', 'Interval'];

function confusionTable(confusion: SessionAgreement['confusion']): string {
  const said = [...new Set(Object.values(confusion).flatMap((row) => Object.keys(row)))].sort();
  return table(
    ['People say \\ the program says', ...said],
    Object.entries(confusion)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([truth, row]) => [truth, ...said.map((one) => row[one] ?? 0)]),
  );
}

function linkTables({ shared, joined }: LinkAgreement): string {
  return `${table(
    ['Both have the same', 'Pairs of attacks', 'Of one campaign'],
    Object.entries(shared).map(([kind, { pairs, right }]) => [kind, pairs, two(right)]),
  )}

${table(
  ['Weight of a link that joined', 'Links', 'Mean weight', 'Of one campaign'],
  joined.map(({ from, to, pairs, mean_weight, right }) => [
    `${from} to ${to}`,
    pairs,
    two(mean_weight),
    two(right),
  ]),
)}`;
}

const percent = (value: number): string => (value * 100).toFixed(1);

function describeGroup([name, { sessions, attacks, agreement, links }]: [string, MeasuredGroup]): string {
  const { ways, tools, partitions, tool_reliability } = agreement;
  return `## ${name}

${sessions} sessions in ${attacks} attacks.

${table(['Automated or human', ...score_head], scoreRows(ways))}

${table(['Tool', ...score_head], scoreRows(tools))}

Mean F1 of the tools with at least ${sessions_of_tool_min} sessions: **${two(agreement.tool_macro_f1)}** (${range(agreement.tool_macro_interval)}). Right: ${percent(agreement.tool_accuracy)} % (${agreement.tool_accuracy_interval.map(percent).join('–')}).

${confusionTable(agreement.confusion)}

${table(
  ['Campaigns', 'Sessions', 'Campaigns', 'Incidents', 'Adjusted Rand index', 'Interval'],
  Object.entries(partitions).map(([set, { sessions: all, campaigns, incidents, index, interval }]) => [
    ...[set, all, campaigns, incidents, two(index), range(interval)],
  ]),
)}

${table(
  ["Tool's confidence", 'Sessions', 'Mean confidence', 'Right'],
  tool_reliability.map(({ from, to, cases, mean_confidence, right }) => [
    `${from.toFixed(1)} to ${to.toFixed(1)}`,
    cases,
    two(mean_confidence),
    two(right),
  ]),
)}

On average a confidence lies ${two(agreement.tool_calibration_error)} beside the part that was right.

${linkTables(links)}`;
}

export function describeAgreement({ without_event, groups }: MeasuredSessions): string {
  return `# Attacks and incidents: how far the program agrees with people

Made by \`npm run -s bench -- taxonomy --write\`; do not edit. How the labels were made, what they cannot tell, and what
the program said the first time it was asked: [Labelled sessions](labelling.md).

All recordings go through records, events and analysis as in a server; ${without_event} labelled sessions gave no event. The answer
for a session is that of the attack that holds most of its events. An attack is all that a source did against one service
in a visit, so that sessions of several kinds in one visit have one answer. Intervals hold 95 % of a thousand draws of
whole attacks.

- **Automated or human**: human is what the program calls *user command*; what it calls *unknown* counts as neither.
- **Campaigns**: adjusted Rand index of people's campaigns and the program's incidents, over sessions with a campaign: 1
  where both parted them alike, 0 where they agree as by chance. In the laboratory a campaign is a script, though one
  program ran them all and fetched from the same hosts; the program joins by the hosts.
- **Confidence**: of the answers with a confidence from … to …, how many were right.
- **Links**: of two labelled attacks of different sources that have the same value (of one source: *source*), and of two
  that a link put into one incident, the part that people called one campaign. A value that is shared does not join by
  itself: it is weighed by how rare it was.

${Object.entries(groups).map(describeGroup).join('\n\n')}
`;
}
