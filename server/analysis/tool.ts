/**
 * Which kind of tool an attack used, after Howard, from what can be shown. Each rule speaks for one kind with a weight;
 * the kind with the least doubt left wins.
 */
import { combineWeights, type Evidence, type Tool } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack, TypedCommand } from './attack-row.ts';
import type { FamilyMatch } from './families.ts';

/** People need so long from one command to the next; programs do not. Seconds. */
const person_gap_s = 1.2;
const machine_gap_s = 0.35;
/** Gaps longer than this are a pause for thought, and no rhythm. */
const pause_s = 120;

interface Rhythm {
  gaps: number;
  median_s: number;
  /** Spread of the gaps by their median: machines are even, people are not. */
  spread: number;
}

export function measureRhythm(commands: readonly TypedCommand[]): Rhythm {
  const gaps = [...Map.groupBy(commands, ({ session }) => session).values()].flatMap((list) =>
    list.slice(1).map(({ ts_us }, index) => (ts_us - list[index]!.ts_us) / 1e6),
  );
  const rhythm = gaps.filter((gap) => gap >= 0 && gap <= pause_s).sort((a, b) => a - b);
  if (rhythm.length === 0) return { gaps: 0, median_s: 0, spread: 0 };
  const median_s = rhythm[rhythm.length >>> 1]!;
  const deviations = rhythm.map((gap) => Math.abs(gap - median_s)).sort((a, b) => a - b);
  return {
    gaps: rhythm.length,
    median_s,
    spread: median_s === 0 ? 0 : deviations[deviations.length >>> 1]! / median_s,
  };
}

/** What people type and programs do not: looking around, corrections, mistakes. */
const by_hand = [
  /^(?:ls|cd|pwd|whoami|w|who|last|id|ps|top|history|clear|exit|help|man|su|sudo)$/,
  /^cd\s+\S+$/,
  /^ls\s+-?\w*$/,
  /^(?:vi|vim|nano|less|more)\b/,
  /^(?:sl|cd\.\.|lls|sls|ifcongif|cta|exti)\b/,
];
const toolkits =
  /\b(?:rootkit|diamorphine|reptile|adore-ng|suckit|shv[45]|jynx|azazel|bedevil|metasploit|meterpreter|empire|cobaltstrike|sliver|mimipenguin|linpeas|lse\.sh|les\.sh)\b/i;
const archive = /\b(?:tar\s+-?[a-wyz]*x\S*\s|unzip\s|gunzip\s|7z\s+x|rpm\s+-i|dpkg\s+-i)/;

/** Services whose content is meant for people. */
const talking = new Set(['smtp', 'mail', 'pop3', 'imap']);

const evidence = (
  says: Tool,
  rule: string,
  weight: number,
  because: string,
  events: string[] = [],
): Evidence => ({
  about: 'tool',
  says,
  rule,
  weight,
  because,
  events,
});

function fromRhythm(attack: GatheredAttack): Evidence[] {
  const { gaps, median_s, spread } = measureRhythm(attack.commands);
  if (gaps < 2) return [];
  const shown = attack.commands.slice(0, 3).map(({ event_id }) => event_id);
  const told = `${gaps + 1} commands with a median of ${median_s.toFixed(2)} s between them`;
  if (median_s <= machine_gap_s)
    return [
      evidence('script or program', 'tool.rhythm.fast', 0.8, `${told}: faster than anybody types`, shown),
    ];
  if (median_s < person_gap_s) return [];
  if (spread < 0.08)
    return [
      evidence('script or program', 'tool.rhythm.even', 0.6, `${told}, evenly: a program that waits`, shown),
    ];
  return [evidence('user command', 'tool.rhythm.slow', gaps >= 5 ? 0.7 : 0.45, `${told}, unevenly`, shown)];
}

function fromCommands(attack: GatheredAttack): Evidence[] {
  const found: Evidence[] = [];
  const typed = attack.commands.filter(({ text }) => by_hand.some((pattern) => pattern.test(text.trim())));
  const part = attack.commands.length === 0 ? 0 : typed.length / attack.commands.length;
  if (typed.length >= 3 && part >= 0.5)
    found.push(
      evidence(
        'user command',
        'tool.typed',
        0.5,
        `${typed.length} of ${attack.commands.length} commands look around, as people do`,
        typed.slice(0, 3).map(({ event_id }) => event_id),
      ),
    );
  const long = attack.commands.find(
    ({ text }) => text.length > 200 || (text.match(/;|&&|\|\|/g)?.length ?? 0) >= 4,
  );
  if (long !== undefined)
    found.push(
      evidence('script or program', 'tool.one_line', 0.5, 'one line holds many commands: it was not typed', [
        long.event_id,
      ]),
    );
  const kit = attack.commands.find(({ text }) => toolkits.test(text));
  if (kit !== undefined)
    found.push(
      evidence('toolkit', 'tool.kit', 0.85, 'a rootkit or an exploit kit was named', [kit.event_id]),
    );
  const unpacked = attack.commands.find(({ text }) => archive.test(text));
  const came = attack.files.length + attack.downloads.length > 0;
  if (unpacked !== undefined)
    found.push(
      evidence('toolkit', 'tool.archive', came ? 0.6 : 0.4, 'an archive was unpacked: a package of tools', [
        unpacked.event_id,
      ]),
    );
  return found;
}

function fromCounts(attack: GatheredAttack): Evidence[] {
  const found: Evidence[] = [];
  const tries = attack.actions.authenticate ?? 0;
  const seconds = Math.max((attack.last_us - attack.first_us) / 1e6, 1);
  if (tries >= 10)
    found.push(
      evidence('script or program', 'tool.guessing', 0.8, `${tries} log-ins in ${Math.round(seconds)} s`),
    );
  else if (tries >= 3 && tries / seconds > 0.3)
    found.push(
      evidence('script or program', 'tool.guessing', 0.6, `${tries} log-ins in ${Math.round(seconds)} s`),
    );
  if (attack.sensors.length >= 3)
    found.push(
      evidence(
        'script or program',
        'tool.many_sensors',
        0.6,
        `the same on ${attack.sensors.length} sensors in one visit`,
      ),
    );
  if (attack.commands.length === 0 && tries === 0)
    found.push(
      evidence(
        'script or program',
        'tool.scanner',
        0.55,
        `${attack.events} contacts without a command: a scanner`,
      ),
    );
  if (talking.has(attack.service) && (attack.actions.copy ?? 0) + (attack.actions.input ?? 0) > 0)
    found.push(evidence('information exchange', 'tool.mail', 0.7, `messages over ${attack.service}`));
  return found;
}

function fromFamilies(families: readonly FamilyMatch[]): Evidence[] {
  return families
    .filter(({ family }) => family.tool !== null)
    .map(({ family, because, events }) =>
      evidence(family.tool!, `family.${family.name}`, family.weight, `${family.title}: ${because}`, events),
    );
}

export function judgeTool(
  attack: GatheredAttack,
  families: readonly FamilyMatch[],
): { tool: Tool; confidence: number; evidence: Evidence[] } {
  const all = [
    ...fromFamilies(families),
    ...fromRhythm(attack),
    ...fromCommands(attack),
    ...fromCounts(attack),
  ];
  const by_tool = [...Map.groupBy(all, ({ says }) => says)].map(([says, list]) => ({
    says: says as Tool,
    confidence: combineWeights(list.map(({ weight }) => weight)),
  }));
  const [best] = by_tool.sort((a, b) => b.confidence - a.confidence || (a.says < b.says ? -1 : 1));
  if (best === undefined) return { tool: 'unknown', confidence: 0, evidence: [] };
  // What speaks for another kind takes from the confidence.
  const against = by_tool[1]?.confidence ?? 0;
  return {
    tool: best.says,
    confidence: Math.round(best.confidence * (1 - against / 2) * 1000) / 1000,
    evidence: all,
  };
}
