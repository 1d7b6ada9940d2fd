/** Who sends: a collector that proved its certificate, here or to a gateway before this server. */
export interface Sender {
  collector_id: number;
  name: string;
}

/** What a sender is answered: an HTTP status, and what becomes JSON. */
export interface Answer {
  status: number;
  value: unknown;
}
