/** A moment in the reader's zone, with UTC at hand. */
import { Tooltip } from '@mantine/core';

const local = new Intl.DateTimeFormat('sv-SE', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** The name of the reader's time zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const showLocal = (time: string | number): string => local.format(new Date(time));

/** `17 s`, `3 min`, `5 h`, `2 d` */
export function showSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

interface TimeProps {
  time: string | number;
  /** Shows how long ago it was, the time itself in the tooltip. */
  ago_of?: number;
}

export function Time({ time, ago_of }: TimeProps) {
  const utc = typeof time === 'string' ? time : new Date(time).toISOString();
  const shown =
    ago_of === undefined ? showLocal(time) : `${showSpan(Math.max(0, ago_of - Date.parse(utc)))} ago`;
  const label = `${ago_of === undefined ? '' : `${showLocal(time)} ${zone} · `}${utc.replace('T', ' ').replace('Z', '')} UTC`;
  return (
    <Tooltip label={label} openDelay={250}>
      <time dateTime={utc} className="time">
        {shown}
      </time>
    </Tooltip>
  );
}
