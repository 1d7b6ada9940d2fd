/**
 * Whose deed an event without an address was: processes, files and readings of a high-interaction honeypot. A function
 * of the events of one honeypot within a pause around each, so that the order in which they came does not matter. The
 * rules, from the strongest; each asks for exactly one source, and a rule that finds several leaves it to none after it.
 * A known gateway counts as a source among others, and what is found to be its own is nobody's:
 *
 * - *session*: events of the same session of the same sensor have one address.
 * - *hash*: the same file was seen with an address on this honeypot.
 * - *command*: the same command line was typed on this honeypot within seconds.
 * - *path*: a command of the last minutes names the file, program or address.
 * - *alone*: exactly one attacker had got in and was active within the pause before.
 */

export interface Nameless {
  event_id: string;
  ts_us: number;
  sensor_id: number;
  session: string;
  file_sha256: string;
  command: string;
  target: string;
}

/** An event with an address. */
export interface Known {
  event_id: string;
  ts_us: number;
  sensor_id: number;
  attacker_ip: string;
  /** The address, of IPv6 its /64. */
  source: string;
  is_gateway: boolean;
  attacker_country: string;
  attacker_asn: number;
  session: string;
  file_sha256: string;
  command: string;
  /** It shows that its source had got in, or did something. */
  is_active: boolean;
}

export type AttributionRule = 'session' | 'hash' | 'command' | 'path' | 'alone';

export interface Attribution {
  known: Known;
  rule: AttributionRule;
  confidence: number;
  because: string;
}

const same_command_us = 5_000_000;
const named_before_us = 600_000_000;
/** Clocks of two sensors of one host differ little; a sensor that looks around tells late, not early. */
const named_after_us = 5_000_000;
const name_length_min = 4;

/** Names that stand in everybody's commands. */
const common_names = new Set([
  'bash',
  'busybox',
  'tmp',
  'null',
  'passwd',
  'home',
  'root',
  'shell',
  'echo',
  'true',
]);

/**
 * @param known those of the same honeypot, by time, from a pause before the first to a pause after the last of `nameless`
 * @returns by event_id; what nothing tells is not in it
 */
export function attribute(
  nameless: readonly Nameless[],
  known: readonly Known[],
  pause_us: number,
): Map<string, Attribution> {
  const sessions = Map.groupBy(
    known.filter(({ session }) => session !== ''),
    ({ sensor_id, session }) => `${sensor_id} ${session}`,
  );
  const hashes = Map.groupBy(
    known.filter(({ file_sha256 }) => file_sha256 !== ''),
    ({ file_sha256 }) => file_sha256,
  );
  const typed = known.filter(({ command }) => command !== '');
  const active = known.filter(({ is_active }) => is_active);
  const found = new Map<string, Attribution>();
  for (const one of nameless) {
    const told = judgeOne(one, { sessions, hashes, typed, active }, pause_us);
    if (told !== undefined) found.set(one.event_id, told);
  }
  return found;
}

interface Evidence {
  sessions: ReadonlyMap<string, readonly Known[]>;
  hashes: ReadonlyMap<string, readonly Known[]>;
  typed: readonly Known[];
  active: readonly Known[];
}

function judgeOne(one: Nameless, evidence: Evidence, pause_us: number): Attribution | undefined {
  const near = ({ ts_us }: Known): boolean => Math.abs(ts_us - one.ts_us) <= pause_us;
  const steps: (() => Omit<Attribution, 'known'> & { all: readonly Known[] })[] = [
    () => ({
      rule: 'session',
      confidence: 0.95,
      because: 'events of its session have this address',
      all:
        one.session === ''
          ? []
          : (evidence.sessions.get(`${one.sensor_id} ${one.session}`) ?? []).filter(near),
    }),
    () => ({
      rule: 'hash',
      confidence: 0.9,
      because: 'its file was seen with this address',
      all: one.file_sha256 === '' ? [] : (evidence.hashes.get(one.file_sha256) ?? []).filter(near),
    }),
    () => ({
      rule: 'command',
      confidence: 0.85,
      because: 'the same command was typed from this address within seconds',
      all:
        one.command === ''
          ? []
          : within(evidence.typed, one.ts_us - same_command_us, one.ts_us + same_command_us).filter(
              ({ command }) => command === one.command,
            ),
    }),
    () => {
      const names = namesOf(one.target);
      return {
        rule: 'path',
        confidence: 0.8,
        because: `a command from this address named ${JSON.stringify(names[0] ?? '')} shortly before`,
        all:
          names.length === 0
            ? []
            : within(evidence.typed, one.ts_us - named_before_us, one.ts_us + named_after_us).filter(
                ({ command }) => names.some((name) => namesWord(command, name)),
              ),
      };
    },
    () => ({
      rule: 'alone',
      confidence: 0.3,
      because: 'nobody else was active on this honeypot in the time before',
      all: within(evidence.active, one.ts_us - pause_us, one.ts_us),
    }),
  ];
  for (const step of steps) {
    const { all, ...told } = step();
    const [first] = all;
    if (first === undefined) continue;
    if (all.some(({ source }) => source !== first.source)) return undefined;
    // Behind a gateway stands anybody.
    if (first.is_gateway) return undefined;
    // The nearest in time is shown as the witness.
    const known = all.reduce((best, next) =>
      Math.abs(next.ts_us - one.ts_us) < Math.abs(best.ts_us - one.ts_us) ? next : best,
    );
    return { ...told, known };
  }
  return undefined;
}

/** Those of a list by time from one moment to another. */
function within(list: readonly Known[], from_us: number, to_us: number): readonly Known[] {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.ts_us < from_us) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < list.length && list[end]!.ts_us <= to_us) end += 1;
  return list.slice(low, end);
}

/** What of a target a command would name: the path and its last part, or an address. */
function namesOf(target: string): string[] {
  const last = target.slice(target.lastIndexOf('/') + 1);
  return [...new Set([target, last])].filter(
    (name) => name.length >= name_length_min && !common_names.has(name),
  );
}

const is_word = /[\w.-]/;

/** Whether a name stands in a command as a word of its own, or as the end of a path. */
function namesWord(command: string, name: string): boolean {
  for (let at = command.indexOf(name); at >= 0; at = command.indexOf(name, at + 1)) {
    const before = command[at - 1] ?? ' ';
    const after = command[at + name.length] ?? ' ';
    if (!is_word.test(before) && !is_word.test(after)) return true;
  }
  return false;
}
