/** The demonstration as a person starts it, and a browser before it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { giveOrder } from '@apiary/server/give-order.ts';
import type { OrderName } from '@apiary/server/orders.ts';
import { type Browser, chromium, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const chromium_path = '/usr/bin/chromium';
const start_within_ms = 180_000;

/** Why a browser test is left out; false where it is not. */
export const needs_chromium: string | false = existsSync(chromium_path)
  ? false
  : 'needs chromium (Debian: chromium)';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromium_path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

function buildPages(): void {
  if (existsSync(join(root, 'web/dist/index.html'))) return;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['../node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    { cwd: join(root, 'web'), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the pages were not built:\n${stderr}`);
}

export class Demonstration {
  readonly folder = mkdtempSync(join(tmpdir(), 'apiary-demo-'));
  output = '';
  url = '';
  password = '';
  readonly #child: ChildProcess;

  private constructor(port: string) {
    this.#child = spawn(process.execPath, ['demo/main.ts', '--data', this.folder, '--port', port], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
  }

  /**
   * @param port of its pages; any by default
   * @throws with its output when it does not print where it is and how to log in
   */
  static async start(port = '0'): Promise<Demonstration> {
    buildPages();
    const demonstration = new Demonstration(port);
    const deadline = Date.now() + start_within_ms;
    while (!/password \S+\n/.test(demonstration.output)) {
      if (demonstration.#ended() || Date.now() > deadline) {
        await demonstration.stop();
        throw new Error(`the demonstration did not start:\n${demonstration.output}`);
      }
      await sleep(50);
    }
    demonstration.url = /demonstration is at (\S+)/.exec(demonstration.output)?.[1] ?? '';
    demonstration.password = /password (\S+)/.exec(demonstration.output)?.[1] ?? '';
    return demonstration;
  }

  #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Where the collector finds a honeypot's log. */
  logOf(honeypot: string, name: string): string {
    return join(this.folder, 'demo', 'honeypots', honeypot, name);
  }

  /** Gives its server an order of the command line. */
  order<T>(name: OrderName, args: Record<string, string>): Promise<T> {
    return giveOrder(join(this.folder, 'demo', 'control.sock'), name, args) as Promise<T>;
  }

  /** Process ids of its children, as the kernel tells them, whose command line holds a word. */
  children(word: string): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
          return (
            parent === String(this.#child.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
          );
        } catch (error) {
          // It ended between the list and the look; anything else is not expected.
          if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
          throw error;
        }
      });
  }

  /** The one child with that word. */
  child(word: string): number {
    const [pid, ...others] = this.children(word);
    if (pid === undefined || others.length > 0)
      throw new Error(`the demonstration has ${pid === undefined ? 'no' : 'more than one'} child ${word}`);
    return pid;
  }

  /** Ends it as Ctrl-C does. @returns its exit code */
  async stop(): Promise<number | null> {
    if (!this.#ended()) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGINT');
      const killing = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(killing);
    }
    rmSync(this.folder, { recursive: true, force: true });
    return this.#child.exitCode;
  }
}

export async function logIn(page: Page, { url, password }: Demonstration): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill('admin');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByTestId('overview-events').waitFor();
}
