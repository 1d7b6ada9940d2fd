/**
 * Agreement of the taxonomy with people's labels: the tactic of each statement, and of whole sessions who did it, with
 * what tool, in which campaign. With `--write` the model of tactics is trained on all labelled sessions and put beside
 * the code that uses it, and the tables of the documentation are written anew.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tactics } from '@apiary/model/api/sessions.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { ChainWeights } from '@apiary/server/analysis/tactics/chain.ts';
import { listFeatures } from '@apiary/server/analysis/tactics/features.ts';
import { describeAgreement, type MeasuredGroup, type MeasuredSessions } from './agreement-page.ts';
import { type Labelled, trainChain } from './chain-training.ts';
import { recordingOf } from './draw-sessions.ts';
import { type JudgedSession, judgeSessions } from './judged-sessions.ts';
import { measureLinks } from './link-agreement.ts';
import { readOwnSessions } from './own-sessions.ts';
import { openInstallation } from './recorded-installation.ts';
import { folderOf } from './recording-layouts.ts';
import { measureSessions } from './session-agreement.ts';
import { labelled_drawings } from './session-labels.ts';
import { type Agreement, crossValidate } from './tactic-agreement.ts';
import { type LabelledSession, readTacticCorpus } from './tactic-corpus.ts';

const root = resolve(import.meta.dirname, '../..');
const model_path = join(root, 'server/analysis/tactics/tactic-model.json');
const page_path = join(root, 'docs/reference/tactics.md');
const sessions_path = join(root, 'docs/reference/agreement.md');
/** A weight below it changes no answer that matters, and the file stays small. */
const weight_min = 0.02;

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const folder = resolve(String(values.data ?? join(root, '../shared/data/wild/labelled/logprecis')));
  const { sessions, unaligned } = readTacticCorpus(folder);
  if (sessions.length === 0)
    throw new OperationalError(
      'not_found',
      `${folder} holds no labelled session; give another folder with --data`,
    );
  const labelled = sessions.map(toLabelled);
  const own = readOwnSessions().map(toLabelled);
  const labels = [...tactics];
  const agreement = crossValidate(labelled, own, labels, 1);
  if (values.write === true) {
    writeFileSync(model_path, `${JSON.stringify(pack(trainChain([...own, ...labelled], labels)))}\n`);
    // A feature on a line, so that a difference can be read.
    execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', model_path], {
      stdio: 'ignore',
    });
    writeFileSync(page_path, describe(agreement, unaligned));
  }
  const recorded = await measureRecorded();
  if (values.write === true && recorded !== null) writeFileSync(sessions_path, describeAgreement(recorded));
  return { bench: 'taxonomy', tactics: { unaligned, ...agreement }, sessions: recorded };
}

/** Null where one of the labelled recordings is not there. */
async function measureRecorded(): Promise<MeasuredSessions | null> {
  const data = join(root, '../shared/data');
  const names = [...new Set(labelled_drawings.map(recordingOf))];
  if (names.some((name) => !existsSync(join(data, folderOf(name))))) return null;
  const installation = await openInstallation(data, names);
  try {
    const { judged, without_event } = await judgeSessions(installation, data, labelled_drawings);
    const is_lab = ({ recording }: JudgedSession): boolean => recording.startsWith('lab-');
    const is_second = ({ drawing, recording }: JudgedSession): boolean => drawing !== recording;
    const measure = (list: readonly JudgedSession[]): MeasuredGroup => ({
      sessions: list.length,
      attacks: new Set(list.map(({ attack }) => attack.attack_id)).size,
      agreement: measureSessions(list),
      links: measureLinks(list),
    });
    return {
      without_event,
      groups: {
        'All sessions': measure(judged),
        'Recordings of others': measure(judged.filter((one) => !is_lab(one) && !is_second(one))),
        'A second drawing, after which no rule was changed': measure(judged.filter(is_second)),
        Laboratory: measure(judged.filter(is_lab)),
      },
    };
  } finally {
    await installation.close();
  }
}

const toLabelled = ({ statements, labels }: LabelledSession): Labelled => ({
  features: listFeatures(statements),
  labels,
});

function pack({ labels, features, steps }: ChainWeights): unknown {
  const round = (row: ArrayLike<number>): number[] =>
    Array.from(row, (weight) => Math.round(weight * 100) / 100);
  const kept = [...features].filter(([, row]) =>
    Array.from(row).some((weight) => Math.abs(weight) >= weight_min),
  );
  return {
    labels,
    steps: steps.map(round),
    features: Object.fromEntries(
      kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => [name, round(row)]),
    ),
  };
}

const two = (value: number): string => value.toFixed(2);

function describe({ classes, ...all }: Agreement, unaligned: number): string {
  const rows = Object.entries(classes)
    .sort(([, a], [, b]) => b.sessions - a.sessions)
    .map(
      ([label, { sessions, statements, precision, recall, f1, interval }]) =>
        `| ${label} | ${sessions} | ${statements} | ${two(precision)} | ${two(recall)} | ${two(f1)} | ${interval.map(two).join('–')} |`,
    );
  return `# Tactics: how far the program agrees with experts

Made by \`npm run -s bench -- taxonomy --write\`; do not edit.

Every statement of a shell session (what stands between \`;\`, \`|\`, \`||\` and \`&&\`) gets the ATT&CK tactic that it serves, a
probability, and what spoke for it. The model is a linear chain over features with names (programs, places, shapes of
words, those of the neighbours; \`server/analysis/tactics/\`); its weights lie in \`tactic-model.json\`.

It was trained and measured on sessions of the supervised corpus of LogPrécis (M. Boffa et al., sessions of CZ.NIC's
Honeypot as a Service, labelled under the supervision of experts). ${all.sessions} sessions with ${all.statements} statements; ${unaligned} left out
because their labels and statements are not equally many. Each session was judged by a model that had not seen it (ten
folds); all models saw the sessions of \`bench/taxonomy/own-sessions.txt\` too, which were written after ATT&CK's own
descriptions of techniques and are not measured against. Intervals hold 95 % of a thousand draws of sessions. "Harmless" and "Other" are the corpus's own classes: a
statement that serves nothing, and one that serves another tactic.

| Tactic | Sessions | Statements | Precision | Recall | F1 | Interval |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}

Mean F1 of the classes that at least twenty sessions show: **${two(all.macro_f1)}** (${all.macro_interval.map(two).join('–')}). Statements
named as the experts did: ${(all.accuracy * 100).toFixed(1)} %. Calibration: a probability lies ${two(all.calibration_error)} beside the share of right answers, on average.

What it does badly: "harmless" is mostly a download or a change of folder after which nothing is run, which only the rest
of the session tells, and short sessions have no rest. Sessions of one robot are alike, in this corpus as in the world;
robots that it never saw are judged worse than these figures say.
`;
}
