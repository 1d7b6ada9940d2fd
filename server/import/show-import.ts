/** The result of an import as lines for people. */
import { dirname } from 'node:path';
import { countOf } from '@apiary/model/count-of.ts';
import type { ImportProgress } from '@apiary/model/import.ts';
import type { Imported, ImportedFile } from './import.ts';

const left_out_shown = 20;
const counted = ['read', 'fresh', 'known', 'rejected', 'not_understood'] as const;

function sum(files: readonly ImportedFile[]): Record<(typeof counted)[number], number> {
  const sums = { read: 0, fresh: 0, known: 0, rejected: 0, not_understood: 0 };
  for (const file of files) for (const name of counted) sums[name] += file[name];
  return sums;
}

/** Names and what is said of them may be an attacker's. */
const clean = (text: string): string =>
  text.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

const row = (name: string, sensor: string, counts: Record<(typeof counted)[number], number>): string =>
  `${[clean(name), sensor, ...counted.map((key) => counts[key])].join('\t')}\n`;

/** Folders of whole files, of which each is one record, are one line. */
function groupFiles(files: readonly ImportedFile[]): Map<string, ImportedFile[]> {
  const groups = new Map<string, ImportedFile[]>();
  const folders = new Map<string, number>();
  const folderOf = ({ file, sensor }: ImportedFile): string => `${sensor} ${dirname(file)}/*`;
  for (const one of files)
    if (one.read === 1) folders.set(folderOf(one), (folders.get(folderOf(one)) ?? 0) + 1);
  for (const one of files) {
    const is_many = one.read === 1 && (folders.get(folderOf(one)) ?? 0) > 3;
    const key = is_many ? folderOf(one) : `${one.sensor} ${one.file}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

export function showImport({ files, left_out }: Imported): string {
  const lines: string[] = [];
  if (files.length > 0) lines.push('file\tsensor\tread\tnew\tknown\trejected\tnot understood\n');
  for (const group of groupFiles(files).values()) {
    const [first] = group as [ImportedFile];
    const name = group.length === 1 ? first.file : `${dirname(first.file)}/* (${group.length} files)`;
    lines.push(row(name, first.sensor, sum(group)));
  }
  const sensors = [...new Set(files.map(({ sensor }) => sensor))].filter((name) => name !== '');
  if (sensors.length > 1)
    for (const sensor of sensors)
      lines.push(row('all of it', sensor, sum(files.filter((one) => one.sensor === sensor))));
  if (files.length > 0) lines.push(row('all', countOf(sensors.length, 'sensor'), sum(files)));
  for (const { file, trouble } of files)
    if (trouble !== '') lines.push(`SEE\t${clean(`${file}: ${trouble}`)}\n`);
  for (const { shown, reason } of left_out.filter((one) => one.is_trouble))
    lines.push(`NOT READ\t${clean(`${shown}: ${reason}`)}\n`);
  const quiet = left_out.filter((one) => !one.is_trouble);
  for (const { shown, reason } of quiet.slice(0, left_out_shown))
    lines.push(`left out\t${clean(`${shown}: ${reason}`)}\n`);
  if (quiet.length > left_out_shown)
    lines.push(`left out\t${quiet.length - left_out_shown} more files; --json names them all\n`);
  if (lines.length === 0) lines.push('There is no file.\n');
  return lines.join('');
}

export const hasTrouble = ({ files, left_out }: Imported): boolean =>
  files.some(({ trouble }) => trouble !== '') || left_out.some(({ is_trouble }) => is_trouble);

export function showProgress(progress: ImportProgress & { files_all: number }): string {
  const { files, files_all, records, acknowledged, trouble } = progress;
  const waits = trouble === '' ? '' : ` (${clean(trouble)})`;
  return `${files} of ${files_all} files, ${records} records read, ${acknowledged} at the server${waits}`;
}
