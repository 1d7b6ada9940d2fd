/**
 * Who answers questions about bytes that an attacker wrote: a child that is kept in (confinement.ts) and reads them
 * there, or this process where the host offers no such child.
 */
import type { Enclosure } from './confinement.ts';
import { type DecoderLimits, decode } from './decoder.ts';
import { type InsideProgram, insideArguments } from './inside-code.ts';
import { type Reply, replyTo } from './serve.ts';

export interface Asked<Question> {
  /** @throws only where there is no answer any more: the child died, or was ended. */
  ask(question: Question): Promise<Reply>;
  close(): Promise<void>;
}

/** Answers in this process. */
export class Near<Question> implements Asked<Question> {
  readonly #subject: { answer(question: Question): unknown; close(): void };

  constructor(subject: { answer(question: Question): unknown; close(): void }) {
    this.#subject = subject;
  }

  async ask(question: Question): Promise<Reply> {
    return replyTo(question, () => this.#subject.answer(question));
  }

  async close(): Promise<void> {
    this.#subject.close();
  }
}

export interface ChildWork {
  program: InsideProgram;
  /** `reads …`, for messages. */
  does: string;
  limits: DecoderLimits;
  heap_mib_max: number;
}

/** A child that answers one question after another. It is not timed while nothing is asked. */
export class Confined<Question> implements Asked<Question> {
  readonly #does: string;
  readonly #reply_bytes_max: number;
  #question: ((line: string | undefined) => void) | undefined;
  #next: Promise<string | undefined>;
  #answer: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #is_closed = false;
  #failure: Error | undefined;
  readonly #ended: Promise<void>;

  /** @param args The words behind the program; those of `work.program` unless a test has others. */
  constructor(
    { words, program }: Pick<Enclosure, 'words' | 'program'>,
    work: ChildWork,
    reply_bytes_max: number,
    args = [`--max-old-space-size=${work.heap_mib_max}`, ...insideArguments(work.program)],
  ) {
    this.#does = work.does;
    this.#reply_bytes_max = reply_bytes_max;
    this.#next = this.#nextQuestion();
    this.#ended = decode({
      ...{ before: words, program, args, input: this.#input(), limits: work.limits },
      take: (piece) => this.#take(piece),
    }).then(
      ({ reason }) => this.#fail(reason || 'ended'),
      (error: unknown) => this.#fail((error as Error).message),
    );
  }

  #fail(reason: string): void {
    this.#failure = new Error(`the child that ${this.#does}: ${reason}`);
    this.#answer?.reject(this.#failure);
  }

  #nextQuestion(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#question = resolve;
    });
  }

  async *#input(): AsyncGenerator<Buffer> {
    for (;;) {
      const line = await this.#next;
      if (line === undefined) return;
      this.#next = this.#nextQuestion();
      yield Buffer.from(line);
    }
  }

  /** Resolves with the next question, so that what is done with the answer is not the child's time. */
  async #take(piece: Buffer): Promise<void> {
    if (this.#is_closed) throw new Error('went on when nothing was asked any more');
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > this.#reply_bytes_max)
      throw new Error(`wrote more than ${this.#reply_bytes_max} bytes of an answer`);
    if (piece.at(-1) !== 10) return;
    const answer = JSON.parse(Buffer.concat(this.#pieces).toString('utf8')) as Reply | null;
    if (typeof answer !== 'object' || answer === null) throw new Error('gave no answer');
    this.#pieces = [];
    this.#bytes = 0;
    const next = this.#next;
    this.#answer?.resolve(answer);
    await next;
  }

  ask(question: Question): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#answer = { resolve, reject };
      this.#question!(`${JSON.stringify(question)}\n`);
    });
  }

  async close(): Promise<void> {
    this.#answer = undefined;
    this.#is_closed = true;
    this.#question!(undefined);
    await this.#ended;
  }
}
