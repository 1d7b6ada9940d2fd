/** Words of incidents that are not of the taxonomy: what can be decided, how they are listed, how they are shared. */

export const judgement_fields = [
  'attacker',
  'objectives',
  'name',
  'comment',
  'assignee',
  'status',
  'pinned',
] as const;
export type JudgementField = (typeof judgement_fields)[number];

/** What can be decided of one attack. */
export const attack_judgement_fields = ['tool', 'weakness', 'stage', 'results', 'comment'] as const;
export type AttackJudgementField = (typeof attack_judgement_fields)[number];
/** Decided is that nothing came of it. */
export const no_results = 'none';

/** What a person says of incidents as wholes: these are one; these attacks stand apart. */
export const grouping_kinds = ['join', 'split'] as const;
export type GroupingKind = (typeof grouping_kinds)[number];

export const incident_statuses = ['open', 'confirmed', 'false alarm', 'closed'] as const;

export const incident_orders = ['matters', 'unlike', 'newest', 'growing', 'largest'] as const;

export const incident_formats = [
  'html',
  'stix',
  'misp',
  'idea',
  'idmef',
  'idmefv2',
  'csv',
  'suricata',
  'snort',
  'nftables',
  'sigma',
  'yara',
] as const;
export type IncidentFormat = (typeof incident_formats)[number];

/** Those that hold several incidents in one file. */
export const set_formats = ['stix', 'misp', 'idea', 'idmef', 'idmefv2', 'csv'] as const;
export type SetFormat = (typeof set_formats)[number];
export const set_incidents_max = 100;

/** Traffic Light Protocol 2.0 (FIRST, 2022): who may be told. */
export const tlp_levels = ['clear', 'green', 'amber', 'red'] as const;
