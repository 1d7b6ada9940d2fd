import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { Origins } from './origins.ts';

/** A server whose every connection gets a process with a child of its own; it tells their numbers. */
const server_code = `
  const { spawn } = require('node:child_process');
  require('node:net').createServer((socket) => {
  // The shell holds the socket; its own child is given none.
    const shell = spawn('sh', ['-c', 'sleep 60 9<&- & echo $!; wait'], { stdio: ['pipe', 'pipe', 'inherit', ...Array(6).fill('ignore'), socket] });
    shell.stdout.once('data', (text) => console.log(socket.remotePort + ' ' + shell.pid + ' ' + String(text).trim()));
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
  const idle = spawn('sleep', ['60']); console.log('idle ' + idle.pid);
  process.on('SIGTERM', () => process.exit());
`;

describe('whose connection a process goes back to', { timeout: 30_000 }, () => {
  const children: number[] = [];
  const sockets: Socket[] = [];
  let server: ChildProcess | undefined;
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const pid of children) end(pid);
    server?.kill('SIGKILL');
  });
  const end = (pid: number): void => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };

  it('is that of the nearest ancestor with a socket from outside; two visitors are two; what is gone stays known', async () => {
    server = spawn(process.execPath, ['-e', server_code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    let text = '';
    server.stdout!.on('data', (chunk) => {
      text += String(chunk);
      lines.splice(0, lines.length, ...text.split('\n').slice(0, -1));
    });
    const find = async (form: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = lines.map((line) => form.exec(line)).find((one) => one !== null);
        if (found != null) return found;
        await once(server!.stdout!, 'data');
      }
    };
    const port = Number((await find(/^(\d+)$/))[1]);
    const idle = Number((await find(/^idle (\d+)$/))[1]);
    children.push(idle);
    const visit = async (
      localAddress: string,
    ): Promise<{ ip: string; from: number; shell: number; child: number }> => {
      const socket = createConnection({ port, host: '127.0.0.1', localAddress });
      sockets.push(socket);
      await once(socket, 'connect');
      const from = socket.localPort!;
      const [, shell, child] = (await find(new RegExp(`^${from} (\\d+) (\\d+)$`))).map(Number);
      children.push(shell!, child!);
      return { ip: localAddress, from, shell: shell!, child: child! };
    };
    const [one, two] = [await visit('127.0.0.1'), await visit('127.0.0.2')];
    const origins = new Origins();
    for (const { ip, from, shell, child } of [one, two])
      for (const pid of [shell, child]) {
        const origin = origins.find(pid, 0, process.pid);
        assert.deepEqual([origin?.remote_ip, origin?.remote_port, origin?.local_port], [ip, from, port]);
        assert.equal(origin?.holder, 'sh');
      }
    // Without its shell the child is left to init, and is still the first visitor's.
    end(one.shell);
    sockets[0]!.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(origins.find(one.child, 0, process.pid)?.remote_port, one.from);
    // Nobody knew it before.
    assert.equal(new Origins().find(one.child, 0, process.pid), undefined);
    const three = await visit('127.0.0.3');
    // The server itself holds two visitors' sockets: of what it starts by itself nobody can be told.
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(origins.find(idle, 0, process.pid), undefined);
    assert.equal(origins.find(three.child, 0, process.pid)?.remote_ip, '127.0.0.3');
    // What is gone already is its parent's, and so is what it had started.
    assert.equal(origins.find(4_194_303, two.shell, process.pid)?.remote_ip, '127.0.0.2');
    assert.equal(origins.find(4_194_302, 4_194_303, process.pid)?.remote_ip, '127.0.0.2');
    assert.equal(origins.find(4_194_304, 0, process.pid), undefined);
  });
});
