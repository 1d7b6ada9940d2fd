/** What is done where the bytes of a container's capture are taken apart: in a child that is kept in. */
import { serveQuestions } from '../decode/serve.ts';
import { CaptureFramer } from './capture.ts';

export interface FrameQuestion {
  /** base64 */
  bytes: string;
  /** Offset of the bytes in the file. */
  base: number;
  udp_port: number;
  /** Of the framer; null at the beginning. */
  state: unknown;
}

export interface FrameAnswer {
  records: { place: number; text: string; original_size: number; is_cut: boolean }[];
  used: number;
  trouble: string;
  state: unknown;
}

export function answerFrame({ bytes, base, udp_port, state }: FrameQuestion): FrameAnswer {
  const framer = new CaptureFramer(udp_port, state ?? undefined);
  const { records, used, trouble = '' } = framer.frame(Buffer.from(bytes, 'base64'), base);
  return {
    records: records.map(({ bytes: text, ...record }) => ({ ...record, text: text.toString() })),
    ...{ used, trouble, state: framer.state },
  };
}

/** The child. */
export function serve(): void {
  serveQuestions((question) => answerFrame(question as FrameQuestion));
}
