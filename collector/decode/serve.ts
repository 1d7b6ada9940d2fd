/** A child that answers: one line of JSON asks, one line answers, until its input ends. */
import { readSync, writeSync } from 'node:fs';

/** An answer as it travels. */
export type Reply = { answer: unknown } | { error: string };

export function replyTo(question: unknown, answer: (question: unknown) => unknown): Reply {
  try {
    return { answer: answer(question) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Answers on standard output what is asked on standard input. */
export function serveQuestions(answer: (question: unknown) => unknown): void {
  const chunk = Buffer.alloc(64 * 1024);
  let pieces: Buffer[] = [];
  for (;;) {
    const length = readSync(0, chunk);
    if (length === 0) return;
    for (let at = 0; at < length; ) {
      const end = chunk.subarray(0, length).indexOf(10, at);
      pieces.push(Buffer.from(chunk.subarray(at, end === -1 ? length : end)));
      if (end === -1) break;
      at = end + 1;
      const question: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
      pieces = [];
      const bytes = Buffer.from(`${JSON.stringify(replyTo(question, answer))}\n`);
      for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent);
    }
  }
}
