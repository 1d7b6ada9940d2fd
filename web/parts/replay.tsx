/** Replay of a terminal recording: play, seek, speed, skipping of pauses, search, and marks where something was typed. */
import type { Recording } from '@apiary/model/api/sessions.ts';
import { Button, Group, Select, Slider, Switch, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { listOf, type Search } from '../search.ts';
import { HostileText } from './hostile-text.tsx';
import { type Frame, layFrames, turnMoment } from './replay-frames.ts';
import { TerminalScreen } from './terminal-screen.ts';

const tick_ms = 50;
const marks_max = 200;

/** Lines that were typed, with their times: input up to each return. */
function listTyped(frames: readonly Frame[]): { at_ms: number; text: string }[] {
  const typed: { at_ms: number; text: string }[] = [];
  const decoder = new TextDecoder();
  let line = '';
  for (const { at_ms, kind, bytes } of frames) {
    if (kind === 'output') continue;
    for (const character of decoder.decode(bytes, { stream: true })) {
      if (character === '\r' || character === '\n') {
        if (line.trim() !== '' && typed.length < marks_max) typed.push({ at_ms, text: line });
        line = '';
      } else if (character === '\x7f' || character === '\b') line = line.slice(0, -1);
      else line += character;
    }
  }
  // An exec request comes without a return.
  if (line.trim() !== '' && typed.length < marks_max)
    typed.push({ at_ms: frames.at(-1)?.at_ms ?? 0, text: line });
  return typed;
}

const showTime = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

/** The screen at a time; forward it goes on from where it was. */
function useScreen(frames: readonly Frame[], at_ms: number): string {
  const held = useRef<{ frames: readonly Frame[]; screen: TerminalScreen; next: number } | null>(null);
  return useMemo(() => {
    let { current } = held;
    const behind = current !== null && (frames[current.next - 1]?.at_ms ?? 0) > at_ms;
    if (current === null || current.frames !== frames || behind)
      current = { frames, screen: new TerminalScreen(), next: 0 };
    held.current = current;
    for (; current.next < frames.length && frames[current.next]!.at_ms <= at_ms; current.next += 1)
      if (frames[current.next]!.kind === 'output') current.screen.write(frames[current.next]!.bytes);
    return current.screen.text();
  }, [frames, at_ms]);
}

export function Replay({ recording, index }: { recording: Recording; index: number }) {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [skips, setSkips] = useState(true);
  const [speed, setSpeed] = useState('1');
  const [playing, setPlaying] = useState(false);
  const [wanted, setWanted] = useState('');
  const frames = useMemo(() => layFrames(recording, skips), [recording, skips]);
  const typed = useMemo(() => listTyped(frames), [frames]);
  const end_ms = frames.at(-1)?.at_ms ?? 0;
  // A link names the moment in the recording, whether pauses are skipped or not.
  const linked = /^(\d+)\.(\d+)$/.exec(listOf(search.replay)[0] ?? '');
  const [at_ms, setAt] = useState(
    Number(linked?.[1] ?? Number.NaN) === index
      ? turnMoment(frames, Number(linked![2]), 'real_ms', 'at_ms')
      : end_ms,
  );
  const screen = useScreen(frames, at_ms);
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setAt((now) => Math.min(end_ms, now + tick_ms * Number(speed))), tick_ms);
    return () => clearInterval(timer);
  }, [playing, speed, end_ms]);
  useEffect(() => {
    if (at_ms >= end_ms) setPlaying(false);
  }, [at_ms, end_ms]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new stands at the end of the screen
  useEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [screen]);
  const play = (): void => {
    if (at_ms >= end_ms) setAt(0);
    setPlaying(!playing);
  };
  const found =
    wanted === '' ? typed : typed.filter(({ text }) => text.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <section className="replay" aria-label={`Terminal recording ${index + 1}`}>
      <Group gap="xs" mb={6}>
        <Button size="xs" onClick={play} w={70}>
          {playing ? 'Pause' : 'Play'}
        </Button>
        <Select
          size="xs"
          w={80}
          aria-label="Speed"
          data={['0.5', '1', '2', '4', '16'].map((value) => ({ value, label: `${value}×` }))}
          value={speed}
          onChange={(value) => setSpeed(value ?? '1')}
          allowDeselect={false}
        />
        <Switch
          size="xs"
          label="Skip pauses"
          checked={skips}
          onChange={(event) => {
            const next = event.currentTarget.checked;
            const real_ms = turnMoment(frames, at_ms, 'at_ms', 'real_ms');
            setAt(turnMoment(layFrames(recording, next), real_ms, 'real_ms', 'at_ms'));
            setSkips(next);
          }}
        />
        <Text size="xs" className="figure" c="dimmed">
          {showTime(at_ms)} / {showTime(end_ms)}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() =>
            void navigate({
              to: '.',
              search: {
                ...search,
                replay: `${index}.${Math.round(turnMoment(frames, at_ms, 'at_ms', 'real_ms'))}`,
              },
              replace: true,
            })
          }
        >
          Link to this moment
        </Button>
        {recording.trouble !== '' && <Text size="xs">It ends in the middle: {recording.trouble}.</Text>}
        {recording.is_cut && <Text size="xs">It is longer than what is shown.</Text>}
      </Group>
      <Slider
        size="sm"
        thumbLabel="Moment"
        min={0}
        max={Math.max(1, end_ms)}
        step={1}
        value={at_ms}
        label={showTime}
        onChange={setAt}
        marks={typed.slice(0, 60).map((mark) => ({ value: mark.at_ms }))}
      />
      <div className="replay-parts">
        <pre className="terminal" ref={box} role="img" aria-label="Screen of the terminal at this moment">
          {screen}
        </pre>
        <div>
          <TextInput
            size="xs"
            aria-label="Find what was typed"
            placeholder="Find what was typed"
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          <ol className="typed">
            {found.map((mark) => (
              <li key={`${mark.at_ms} ${mark.text}`}>
                <button type="button" className="hit" onClick={() => setAt(mark.at_ms)}>
                  <span className="dim figure">{showTime(mark.at_ms)}</span>{' '}
                  <HostileText text={mark.text} limit={80} inside_link />
                </button>
              </li>
            ))}
          </ol>
          {typed.length === 0 && <p className="dim small">Nothing was typed.</p>}
        </div>
      </div>
    </section>
  );
}
