/**
 * What `apiary import` and the collector that it starts say to each other, over the channel between a process and its
 * child. Paths are shown as the records carry them; the file itself may lie elsewhere, unpacked.
 */

/** Imports come by a collector of this name; it has a certificate only while one is going on. */
export const import_collector_name = 'import';

/** What a file is, by its first bytes once it is decompressed. */
export const file_forms = ['empty', 'lines', 'sqlite', 'mysqldump', 'capture', 'bytes'] as const;
export type FileForm = (typeof file_forms)[number];

export interface FoundFile {
  /** Where its bytes can be read. */
  path: string;
  /** How records and people name it. */
  shown: string;
}

export interface InspectedFile extends FoundFile {
  form: FileForm;
  /** Of lines: the first ones, each as base64; longer ones than `head_line_bytes_max` are left out. */
  head: string[];
  /** Names of the tables of a database or dump. */
  tables: string[];
  /** Why it cannot be read; '' where it can. */
  trouble: string;
}

export const head_lines_max = 24;
export const head_line_bytes_max = 16 * 1024;
/** Of all of them, so that a query of the engine holds them. */
export const head_text_bytes_max = 120 * 1024;

/** One file to be read as one source of a sensor type. */
export interface ImportTask extends FoundFile {
  sensor: string;
  type: string;
  /** Key of the source in the type's streams: pathKey of model/submodule.ts. */
  key: string;
}

export interface ImportRun {
  /** A folder of the run's own: identity, spool, copies. */
  folder: string;
  /** host:port, as seen from this machine. */
  enrolment: string;
  gateway: string;
  token: string;
  authority: string;
  tasks: ImportTask[];
  time_zone?: string;
  /** The database of a dump of several. */
  database?: string;
}

/** What became of one task. */
export interface ReadFile {
  shown: string;
  sensor: string;
  records: number;
  /** Whole files that came along with their bytes. */
  artifacts: number;
  /** Lines and statements that were cut or left out, what is damaged; '' where all was read. */
  trouble: string;
}

export interface ImportProgress {
  files: number;
  records: number;
  acknowledged: number;
  /** What holds it up at this moment; '' where nothing does. */
  trouble: string;
}

export type ToReader = { do: 'inspect'; files: FoundFile[] } | { do: 'run'; run: ImportRun };
export type FromReader =
  | { is: 'inspected'; files: InspectedFile[] }
  | { is: 'progress'; progress: ImportProgress }
  | { is: 'done'; files: ReadFile[] }
  | { is: 'failed'; message: string };

/** What of a file is in the engine: counted by the server, of this import only. */
export interface ArrivedFile {
  shown: string;
  sensor: string;
  /** Records that were not there before. */
  fresh: number;
  /** Of these, not in the form of the sensor type: kept raw, without events. */
  rejected: number;
  /** Of these, in its form, but of a kind that this version does not know. */
  not_understood: number;
}
