/** Lines of Cowrie in which an attacker aims at the pages: markup, links, terminals, directions, length. */

/** Whose lines these are; no recording has this address. */
export const hostile_address = '203.0.113.250';

/** Would set `window.hit`, open a dialog, or hide what stands beside it. */
export const hostile_texts = {
  script: "<script>window.hit='script'</script>",
  image: `<img src=x onerror="window.hit='image'">`,
  breakout: `"><svg onload=alert('svg')></svg>'--`,
  link: "javascript:window.hit='link'//",
  template: '{{constructor.constructor("window.hit=1")()}}',
  terminal: '\u001b[2J\u001b]0;owned\u0007\u009b31mred\u0000',
  direction: 'user\u202etxt.exe\u2066\u200b',
  lines: 'first\r\nsecond\tthird\u2028fourth',
  long: `long-${'A'.repeat(100_000)}`,
} as const;
export type HostileText = keyof typeof hostile_texts;

/**
 * Five lines a text: a log-in with it, a command, a client's version, a download and a forward. None is longer than
 * the 256 KiB at which the collector cuts a line.
 */
export function writeHostileLines(): string {
  const now = new Date().toISOString().replace('Z', '000Z');
  const lines = Object.values(hostile_texts).flatMap((text, index) => {
    const line = {
      src_ip: hostile_address,
      src_port: 40_000 + index,
      dst_ip: '198.51.100.10',
      dst_port: 22,
      session: `hostile${index}`,
      protocol: 'ssh',
      timestamp: now,
      sensor: text.slice(0, 200),
    };
    return [
      { ...line, eventid: 'cowrie.login.failed', username: text, password: text },
      { ...line, eventid: 'cowrie.command.input', input: text, message: text },
      { ...line, eventid: 'cowrie.client.version', version: text, message: text },
      {
        ...line,
        eventid: 'cowrie.session.file_download',
        url: text,
        destfile: text,
        shasum: text.slice(0, 64),
      },
      { ...line, eventid: 'cowrie.direct-tcpip.request', dst_ip: text, message: text },
    ];
  });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
