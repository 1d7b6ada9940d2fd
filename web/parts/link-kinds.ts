/** What two attacks share, by the kind of their link. */
export const kind_titles: Record<string, string> = {
  person: 'joined by',
  source: 'same source',
  file: 'same file',
  url: 'same URL',
  host: 'same download host',
  key: 'same SSH key planted',
  wallet: 'same wallet',
  control: 'same control server',
  sequence: 'same commands',
  mailbox: 'same mailbox',
  relay: 'same place to connect to, by the same client',
  script: 'same long sequence of commands',
  near: 'nearly the same commands',
  credentials: 'same list of credentials',
  print: 'same client and behaviour',
};
