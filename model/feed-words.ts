/** Words of feeds: what kinds of indicators there are, in which forms they are given. */

export const feed_kinds = ['address', 'file', 'url', 'credential', 'key'] as const;
export type FeedKind = (typeof feed_kinds)[number];

export const feed_formats = ['txt', 'csv', 'stix'] as const;
export type FeedFormat = (typeof feed_formats)[number];

/** A link is for whoever has it: nothing of TLP:RED goes into a feed. */
export const feed_tlp_levels = ['clear', 'green', 'amber'] as const;

export const feed_days_max = 365;
