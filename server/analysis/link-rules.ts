/** What shared facts weigh: the numbers of linking, and what a link tells of itself. linker.ts says how they are used. */
import type { FactKind } from './facts.ts';

export const history_days = 30;
export const prior_visits = 50;
export const attacks_max = 5000;

interface KindRule {
  base: number;
  /** Part of the visits of a day that have such a value, before anything is known of it. */
  prior: number;
  tau_days: number;
  horizon_days: number;
}

/** What weighs less is not kept. */
export const weight_min = 0.05;
/** Reasons that are kept of each attack. */
export const reasons_max = 12;

/** Version of these numbers and of the facts that are compared. */
export const linking_version = '4';

export const kind_rules: Record<FactKind, KindRule> = {
  // An address alone links within 24 hours, whoever else has it.
  source: { base: 1, prior: 0.001, tau_days: Number.POSITIVE_INFINITY, horizon_days: 1 },
  file: { base: 2, prior: 0.002, tau_days: 20, horizon_days: 90 },
  url: { base: 2, prior: 0.002, tau_days: 20, horizon_days: 90 },
  host: { base: 1.5, prior: 0.005, tau_days: 10, horizon_days: 60 },
  key: { base: 2.5, prior: 0.02, tau_days: 20, horizon_days: 90 },
  wallet: { base: 3, prior: 0.001, tau_days: 90, horizon_days: 365 },
  control: { base: 2.5, prior: 0.002, tau_days: 30, horizon_days: 90 },
  mailbox: { base: 2, prior: 0.005, tau_days: 20, horizon_days: 60 },
  relay: { base: 1.2, prior: 0.02, tau_days: 7, horizon_days: 30 },
  // A long sequence that fetches from nobody else: not alike by chance, and no loader that others copied.
  script: { base: 2.4, prior: 0.02, tau_days: 20, horizon_days: 60 },
  sequence: { base: 1.2, prior: 0.05, tau_days: 7, horizon_days: 30 },
  near: { base: 0.8, prior: 0.1, tau_days: 5, horizon_days: 20 },
  credentials: { base: 1.3, prior: 0.03, tau_days: 5, horizon_days: 20 },
  print: { base: 0.7, prior: 0.1, tau_days: 5, horizon_days: 20 },
};

/** Kinds that say the same: who sends the same commands sends nearly the same ones, too. */
export const evidence_of: Partial<Record<Link['kind'], string>> = {
  script: 'commands',
  sequence: 'commands',
  near: 'commands',
  url: 'download',
  host: 'download',
};

export interface Link {
  /** The earlier attack. */
  to: string;
  /** `person`: an analyst joined them; the value is their name. */
  kind: FactKind | 'person';
  value: string;
  weight: number;
  /** Part of the visits on the days before that had the value. */
  share: number;
}
