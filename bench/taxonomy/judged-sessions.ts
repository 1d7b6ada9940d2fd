/** What the program says of labelled sessions: the attack that holds most of a session's events, and its incident. */
import type { Fact } from '@apiary/server/analysis/facts.ts';
import type { Link } from '@apiary/server/analysis/link-rules.ts';
import { recordingOf } from './draw-sessions.ts';
import type { RecordedInstallation } from './recorded-installation.ts';
import { type RecordedSession, readRecording } from './recorded-sessions.ts';
import { readLabels, type SessionLabel } from './session-labels.ts';

export interface JudgedSession {
  drawing: string;
  recording: string;
  label: SessionLabel;
  attack: JudgedAttack;
}

export interface JudgedAttack {
  attack_id: string;
  incident_id: string;
  tool: string;
  tool_confidence: number;
  facts: Fact[];
  links: Link[];
}

const assignments =
  '(SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event GROUP BY event_id)';
/** Times are compared in milliseconds, and sensors write microseconds. */
const slack_ms = 2;
const limits = { rows_max: 1_000_000, seconds_max: 300 };

const showTime = (ms: number): string => new Date(ms).toISOString().slice(0, 23).replace('T', ' ');

/** @returns those of whose lines there is an event; a session without any is left out and counted */
export async function judgeSessions(
  installation: RecordedInstallation,
  data: string,
  drawings: readonly string[],
): Promise<{ judged: JudgedSession[]; without_event: number }> {
  const attack_of = new Map<SessionLabel, string>();
  const all: { drawing: string; label: SessionLabel }[] = [];
  for (const drawing of drawings) {
    const recording = recordingOf(drawing);
    const by_hash = new Map(readRecording(data, recording).map((session) => [session.hash, session]));
    for (const label of readLabels(drawing)) {
      all.push({ drawing, label });
      const sensor = installation.sensors.get(`${recording} ${label.sensor}`)!;
      const attack_id = await findAttack(installation, sensor, by_hash.get(label.hash)!);
      if (attack_id !== undefined) attack_of.set(label, attack_id);
    }
  }
  const attacks = await readAttacks(installation, [...new Set(attack_of.values())]);
  const judged = all.flatMap(({ drawing, label }) => {
    const attack_id = attack_of.get(label);
    return attack_id === undefined
      ? []
      : [{ drawing, recording: recordingOf(drawing), label, attack: attacks.get(attack_id)! }];
  });
  return { judged, without_event: all.length - judged.length };
}

async function findAttack(
  { store }: RecordedInstallation,
  sensor_id: number,
  { session, source, lines }: RecordedSession,
): Promise<string | undefined> {
  const times = lines.map(({ at }) => at);
  const chosen =
    session === ''
      ? `attacker_ip = toIPv6({source:String}) AND detect_ts BETWEEN {from:String} AND {to:String}`
      : 'session = {session:String}';
  const rows = await store.query<{ attack_id: string }>(
    `SELECT attack_id, count() AS events FROM event AS e INNER JOIN ${assignments} AS a ON e.event_id = a.event_id
     WHERE sensor_id = {sensor_id:UInt32} AND ${chosen} AND attack_id != 0
     GROUP BY attack_id ORDER BY events DESC, attack_id LIMIT 1`,
    {
      ...{ sensor_id, session, source },
      from: showTime(Math.min(...times) - slack_ms),
      to: showTime(Math.max(...times) + slack_ms),
    },
  );
  return rows[0]?.attack_id;
}

async function readAttacks(
  { store }: RecordedInstallation,
  ids: readonly string[],
): Promise<Map<string, JudgedAttack>> {
  const rows = await store.query<{
    attack_id: string;
    incident_id: string;
    tool: string;
    tool_confidence: number;
    facts: string;
    links: string;
  }>(
    `SELECT attack_id, incident_id, tool, tool_confidence, facts, links FROM (SELECT * FROM attack FINAL WHERE is_gone = 0) AS a
     INNER JOIN (SELECT attack_id, incident_id, links FROM incident_attack FINAL) AS i ON a.attack_id = i.attack_id
     WHERE attack_id IN (${ids.join(', ')})`,
    {},
    limits,
  );
  return new Map(
    rows.map(({ facts, links, tool_confidence, ...row }) => [
      row.attack_id,
      {
        ...row,
        tool_confidence: Number(tool_confidence),
        facts: JSON.parse(facts) as Fact[],
        links: JSON.parse(links) as Link[],
      },
    ]),
  );
}
