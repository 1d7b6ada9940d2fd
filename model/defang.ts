/** Addresses of attackers written so that no program makes a link of them, and back. */

/** A scheme, and a host up to what ends it. */
const url = /\b([a-z][a-z0-9+-]*):\/\/([^\s/?#"'<>|;)]*)/gi;
const dead_schemes: Record<string, string> = { http: 'hxxp', https: 'hxxps', ftp: 'fxp', ftps: 'fxps' };

/** `http://198.51.100.7/x.sh` becomes `hxxp://198[.]51[.]100[.]7/x.sh`; other text stays as it is. */
export const defang = (text: string): string =>
  text.replace(
    url,
    (_, scheme: string, host: string) =>
      `${dead_schemes[scheme.toLowerCase()] ?? scheme}://${host.replace(/(?<!\[)\.(?!\])/g, '[.]')}`,
  );

/** What people write for an address that must not be one: `hxxp://a[.]b`, `198[.]51[.]100[.]7`, `2001[:]db8::1`. */
export const refang = (text: string): string =>
  text
    .replace(/\bhxxp(s?)(?=\[?:)/gi, (_, end: string) => `http${end.toLowerCase()}`)
    .replace(/\bfxp(s?)(?=\[?:)/gi, (_, end: string) => `ftp${end.toLowerCase()}`)
    .replace(/\[:\/\/\]/g, '://')
    .replace(/\[([.:])\]|\(([.:])\)/g, '$1$2');
