/** Times of a MySQL server as the text of its DATETIME columns. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC for `+02:00`; undefined for a name. */
function offsetMinutes(zone: string): number | undefined {
  const found = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone);
  if (found === null) return undefined;
  return (Number(found[2]) * 60 + Number(found[3])) * (found[1] === '-' ? -1 : 1);
}

const epoch_max = 253_402_300_799;

/**
 * Seconds since 1970 as `2026-02-03 04:05:06[.123456]` in a zone of the server; undefined where there is no such time or zone.
 * @param seconds decimal, as the log has it
 */
export function timeText(seconds: string, zone: string): string | undefined {
  const found = /^(\d{1,12})(?:\.(\d{1,6})0*)?$/.exec(seconds);
  const whole = Number(found?.[1]);
  if (found === null || whole > epoch_max) return undefined;
  const fraction = found[2] === undefined ? '' : `.${found[2]}`;
  const minutes = zone === 'UTC' ? 0 : offsetMinutes(zone);
  if (minutes !== undefined) {
    const shifted = new Date((whole + minutes * 60) * 1000).toISOString();
    return shifted.slice(0, 19).replace('T', ' ') + fraction;
  }
  try {
    let format = formats.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      formats.set(zone, format);
    }
    return format.format(whole * 1000) + fraction;
  } catch {
    return undefined;
  }
}
