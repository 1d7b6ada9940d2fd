/** Decides for each file of an import which source of which sensor type it is, or why it is left out. */
import { basename, dirname } from 'node:path';
import type { ImportTask, InspectedFile } from '@apiary/model/import.ts';
import { pathKey, repeatedBy, type SubmoduleStreams } from '@apiary/model/submodule.ts';
import { type Assignment, byTables, type Candidate, candidatesFor, fitsForm, plainName } from './assign.ts';
import type { Understood } from './guess.ts';

export interface PlannedFile extends Assignment {
  file: InspectedFile;
}

export interface LeftOut {
  shown: string;
  /** Why nothing of it was read. */
  reason: string;
  /** It should have been: it is damaged, or what it is cannot be told. */
  is_trouble: boolean;
}

export interface Plan {
  files: PlannedFile[];
  left_out: LeftOut[];
}

export interface PlanOptions {
  streams: readonly SubmoduleStreams[];
  /** Named by who imports; else all types come into question. */
  type: string | undefined;
  /** The paths are those of T-Pot: /data/…; what lies elsewhere is left out. */
  is_tpot: boolean;
  tryLines(lines: readonly string[], types: readonly string[]): Promise<Understood[]>;
}

export async function planImport(files: readonly InspectedFile[], options: PlanOptions): Promise<Plan> {
  const planner = new Planner(options);
  for (const file of files) await planner.decide(file);
  await planner.decideWhole();
  return planner.finish();
}

class Planner {
  readonly #options: PlanOptions;
  readonly #streams: readonly SubmoduleStreams[];
  readonly #files: PlannedFile[] = [];
  readonly #left_out: LeftOut[] = [];
  /** May be whole files of a honeypot whose log is here too. */
  readonly #whole: { file: InspectedFile; candidates: Candidate[] }[] = [];
  /** What rotated brothers of a file are, by folder and plain name. */
  readonly #brothers = new Map<string, Assignment>();

  constructor(options: PlanOptions) {
    this.#options = options;
    const { type, streams } = options;
    this.#streams = type === undefined ? streams : streams.filter(({ name }) => name === type);
  }

  #leave(file: InspectedFile, reason: string, is_trouble = false): void {
    this.#left_out.push({ shown: file.shown, reason, is_trouble });
  }

  async decide(file: InspectedFile): Promise<void> {
    const candidates = candidatesFor(file.shown, this.#streams);
    const whole = candidates.filter(({ source }) => source.kind === 'files');
    if (this.#options.is_tpot) {
      this.#decideByPlace(file, candidates);
      return;
    }
    // What a whole file holds is not looked into: a torn archive may be what an attacker downloaded.
    if (whole.length > 0) this.#whole.push({ file, candidates: whole });
    else await this.#decideAsAny(file);
  }

  async #decideAsAny(file: InspectedFile): Promise<void> {
    if (file.trouble !== '') this.#leave(file, file.trouble, true);
    else if (file.form === 'empty') this.#leave(file, 'is empty');
    else await this.#decideByContent(file, candidatesFor(file.shown, this.#streams));
  }

  /** T-Pot says by the place alone what a file is. */
  #decideByPlace(file: InspectedFile, candidates: readonly Candidate[]): void {
    const parts = file.shown.split('/').length - 1;
    const [best] = candidates.filter(({ fit }) => fit === parts);
    if (best === undefined) this.#leave(file, 'no sensor type reads it');
    else if (best.source.kind === 'files') this.#files.push({ file, type: best.type, key: best.key });
    else if (file.trouble !== '') this.#leave(file, file.trouble, true);
    else if (file.form === 'empty') this.#leave(file, 'is empty');
    else if (!fitsForm(best.source, file)) this.#leave(file, `is no ${best.key} of a ${best.type}`, true);
    else this.#files.push({ file, type: best.type, key: best.key });
  }

  async #decideByContent(file: InspectedFile, candidates: readonly Candidate[]): Promise<void> {
    const brothers = `${dirname(file.shown)}/${plainName(basename(file.shown))} ${file.form}`;
    const found =
      this.#brothers.get(brothers) ??
      (file.form === 'lines' ? await this.#byLines(file, candidates) : this.#byForm(file, candidates));
    if (typeof found === 'string') {
      this.#leave(file, found, true);
      return;
    }
    this.#brothers.set(brothers, found);
    this.#files.push({ file, ...found });
  }

  #byForm(file: InspectedFile, candidates: readonly Candidate[]): Assignment | string {
    const of_tables = byTables(file, this.#streams);
    if (of_tables !== undefined) return of_tables;
    const named = candidates.find(({ source }) => fitsForm(source, file)) ?? this.#only(file);
    if (named !== undefined) return { type: named.type, key: named.key };
    const types = candidatesOf(this.#streams).filter(({ source }) => fitsForm(source, file));
    if (file.form === 'sqlite' && types.length > 1)
      return `may be of ${types.map(({ type }) => type).join(' or ')}: say whose it is with --type`;
    if (file.tables.length > 0)
      return `no sensor type has its tables: ${file.tables.slice(0, 8).join(', ')}${file.tables.length > 8 ? ' …' : ''}`;
    return file.form === 'capture'
      ? 'a capture: say whose it is with --type'
      : 'no sensor type has such files';
  }

  /** Of a type that was named: its one source of such a form. */
  #only(file: InspectedFile): Assignment | undefined {
    if (this.#options.type === undefined) return undefined;
    const fitting = candidatesOf(this.#streams).filter(({ source }) => fitsForm(source, file));
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  async #byLines(file: InspectedFile, candidates: readonly Candidate[]): Promise<Assignment | string> {
    const { type, tryLines } = this.#options;
    const enough = type === undefined ? file.head.length / 2 : 1;
    const named = candidates.filter(({ source }) => source.kind === 'lines');
    const types = [...new Set(named.map((one) => one.type))];
    const isNamed = (one: Assignment): boolean =>
      named.some((other) => other.type === one.type && other.key === one.key);
    if (types.length > 0) {
      const best = (await tryLines(file.head, types)).find((one) => one.ok >= enough && isNamed(one));
      if (best !== undefined) return best;
    }
    const understood = (await tryLines(file.head, type === undefined ? [] : [type])).filter(
      ({ ok, attackers }) => ok >= enough && (attackers > 0 || type !== undefined),
    );
    const [first] = understood;
    const most = understood.filter(({ ok, attackers }) => ok === first?.ok && attackers === first.attackers);
    if (most.length === 1) return most[0]!;
    if (most.length > 1 && most.every((one) => one.type === first?.type)) {
      const keys = most.map(({ key }) => key).join(' or ');
      return `could be ${keys} of a ${first?.type}: name it as the sensor does (${this.#usualNames(most)})`;
    }
    if (most.length > 1) {
      const names = most.map((one) => `${one.type} (${one.key})`).join(', ');
      return `could be of several sensor types, say which with --type: ${names}`;
    }
    // Records of several lines say nothing line by line.
    const framed = candidates.find(({ source }) => source.kind === 'framed') ?? this.#framed(file);
    if (framed !== undefined) return { type: framed.type, key: framed.key };
    return type === undefined
      ? 'its first lines are those of no sensor type'
      : `its first lines are not those of a ${type}`;
  }

  /** What files of these sources are called. */
  #usualNames(sources: readonly Assignment[]): string {
    const names = sources.flatMap((one) => {
      const found = candidatesOf(this.#streams).find(({ type, key }) => type === one.type && key === one.key);
      return (found?.source.usual_paths ?? []).map((path) => basename(path));
    });
    return [...new Set(names)].join(', ');
  }

  #framed(file: InspectedFile): Assignment | undefined {
    if (this.#options.type === undefined) return undefined;
    return candidatesOf(this.#streams).find(
      ({ source }) => source.kind === 'framed' && fitsForm(source, file),
    );
  }

  /** Whole files belong to a honeypot whose records are imported with them; others are looked at as any file. */
  async decideWhole(): Promise<void> {
    const types = new Set([...this.#files.map(({ type }) => type), this.#options.type]);
    for (const { file, candidates } of this.#whole) {
      const best = candidates.find(({ type }) => types.has(type));
      if (best !== undefined) this.#files.push({ file, type: best.type, key: best.key });
      else await this.#decideAsAny(file);
    }
  }

  /** Of two streams that tell the same, one is read. */
  finish(): Plan {
    const has = (type: string, key: string): boolean =>
      this.#files.some((one) => one.type === type && one.key === key);
    const files = this.#files.filter(({ file, type, key }) => {
      const source = this.#options.streams
        .find(({ name }) => name === type)
        ?.sources.find((one) => pathKey(one) === key);
      const repeats = source && repeatedBy(source).find((other) => has(type, other));
      if (repeats === undefined) return true;
      this.#leave(file, `tells the same as ${repeats} of this ${type}, which is read`);
      return false;
    });
    return { files, left_out: this.#left_out };
  }
}

const candidatesOf = (streams: readonly SubmoduleStreams[]): Candidate[] =>
  streams.flatMap(({ name: type, sources }) =>
    sources.map((source) => ({
      ...{ type, source, fit: 0 },
      key: 'stream' in source ? source.stream : source.kind,
    })),
  );

export const tasksOf = (plan: Plan, nameSensor: (type: string) => string): ImportTask[] =>
  plan.files.map(({ file: { path, shown }, type, key }) => ({
    ...{ path, shown, type, key },
    sensor: nameSensor(type),
  }));
