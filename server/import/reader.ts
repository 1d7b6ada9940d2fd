/** The collector that an import starts, as a child: all that reads bytes of honeypots is its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OperationalError } from '@apiary/model/errors.ts';
import type {
  FoundFile,
  FromReader,
  ImportProgress,
  ImportRun,
  InspectedFile,
  ReadFile,
  ToReader,
} from '@apiary/model/import.ts';

/** In a checkout, and in a package. */
const programs = ['../../collector/main.ts', '../../collector/dist/apiary-collector.mjs'];

export class ImportReader {
  readonly #child: ChildProcess;
  #said = '';

  constructor() {
    const path = programs
      .map((name) => fileURLToPath(new URL(name, import.meta.url)))
      .find((one) => existsSync(one));
    if (path === undefined)
      throw new OperationalError('not_found', 'the collector is not installed beside this server');
    this.#child = fork(path, ['import'], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-2000);
    });
  }

  async inspect(files: FoundFile[]): Promise<InspectedFile[]> {
    const answer = await this.#ask({ do: 'inspect', files }, () => undefined);
    return answer.is === 'inspected' ? answer.files : [];
  }

  async run(run: ImportRun, tell: (progress: ImportProgress) => void): Promise<ReadFile[]> {
    const answer = await this.#ask({ do: 'run', run }, tell);
    return answer.is === 'done' ? answer.files : [];
  }

  #ask(message: ToReader, tell: (progress: ImportProgress) => void): Promise<FromReader> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const onMessage = (answer: unknown): void => {
        const one = answer as FromReader;
        if (one.is === 'progress') {
          tell(one.progress);
          return;
        }
        child.off('message', onMessage);
        child.off('exit', onExit);
        if (one.is === 'failed') reject(new OperationalError('conflict', one.message));
        else resolve(one);
      };
      const onExit = (code: number | null, signal: string | null): void => {
        const told = `the reader of the files ended with ${signal ?? code}: ${this.#said.trim()}`;
        reject(new OperationalError('unreachable', told));
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
      child.send(message);
    });
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGTERM');
  }
}
