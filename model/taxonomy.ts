/**
 * The honeypot-incident taxonomy (Sokol, Pekarčík and Bajtoš 2015, section 4, after Howard and Longstaff, A Common
 * Language for Computer Security Incidents, 1998): its words, with the sentence that says what each means here.
 */

interface Word {
  name: string;
  meaning: string;
}

/** What was used. Howard's physical attack is not among them: nobody steals a honeypot. */
export const tools = [
  {
    name: 'information exchange',
    meaning: 'talking with people: mail, calls, messages that are meant to be read',
  },
  { name: 'user command', meaning: 'a person types commands at the process' },
  { name: 'script or program', meaning: 'commands come from a file or a program that somebody runs' },
  {
    name: 'autonomous agent',
    meaning:
      'a program that goes on by itself: worms and bots that attack others with what they brought here',
  },
  {
    name: 'toolkit',
    meaning: 'a package of scripts, programs or agents: rootkits, exploit kits, unpacked archives',
  },
  { name: 'unknown', meaning: 'nothing speaks for one of them yet' },
] as const satisfies readonly Word[];
export type Tool = (typeof tools)[number]['name'];

/** Howard's kinds of a vulnerability. */
export const weaknesses = [
  {
    name: 'design',
    meaning: 'the service does what it was made for, and that is the weakness: no log-in, no encryption',
  },
  { name: 'implementation', meaning: 'a fault in the program: most CVEs' },
  { name: 'configuration', meaning: 'a weak or default password, an open service, a right too many' },
  { name: 'unknown', meaning: 'it was touched and nothing tells what was looked for' },
] as const satisfies readonly Word[];
export type Weakness = (typeof weaknesses)[number]['name'];

/** How far an attack got, in order. */
export const stages = [
  { name: 'probed', meaning: 'it looked whether something is there' },
  { name: 'tried to get in', meaning: 'it tried credentials or an exploit' },
  { name: 'got in', meaning: 'the honeypot let it in' },
  { name: 'acted', meaning: 'it did something inside' },
  { name: 'brought a tool', meaning: 'a file came in, or was to be fetched' },
  { name: 'spread from here', meaning: 'the honeypot was to be used against others' },
] as const satisfies readonly Word[];
export type Stage = (typeof stages)[number]['name'];

export const stageRank = (stage: string): number => stages.findIndex(({ name }) => name === stage);

/** Howard's unauthorised results. */
export const results = [
  { name: 'increased access', meaning: 'it may do more than before' },
  { name: 'disclosure of information', meaning: 'it read what was not for it' },
  { name: 'corruption of information', meaning: 'it changed or deleted data' },
  { name: 'denial of service', meaning: 'it kept others from a service' },
  { name: 'theft of resources', meaning: 'it used the machine for itself: mining, proxy, mail' },
] as const satisfies readonly Word[];
export type Result = (typeof results)[number]['name'];

export const attackers = [
  { name: 'hacker', meaning: 'for challenge and status' },
  { name: 'spy', meaning: 'for information to be used for political gain' },
  {
    name: 'terrorist',
    meaning:
      'to cause fear for political gain (Howard; the text of the 2015 paper repeats that of the spies)',
  },
  { name: 'corporate raider', meaning: "employees who attack a competitor's computers for financial gain" },
  { name: 'professional criminal', meaning: 'for personal financial gain' },
  { name: 'vandal', meaning: 'to cause damage' },
  { name: 'unknown', meaning: 'nothing speaks for one of them yet' },
] as const satisfies readonly Word[];
export type Attacker = (typeof attackers)[number]['name'];

export const objectives = [
  { name: 'challenge', meaning: 'to see whether one can' },
  { name: 'status', meaning: 'to be known for it' },
  { name: 'political gain', meaning: 'to serve a cause or a state' },
  { name: 'financial gain', meaning: 'to earn by it' },
  { name: 'damage', meaning: 'to harm' },
] as const satisfies readonly Word[];
export type Objective = (typeof objectives)[number]['name'];

/** One reason of one decision. */
export interface Evidence {
  /** What it decided: tool, weakness, stage, result, family, technique, attacker, objective. */
  about: string;
  /** The word that it speaks for. */
  says: string;
  rule: string;
  /** 0 to 1: how much it speaks for it. */
  weight: number;
  /** What was seen, in a sentence. */
  because: string;
  /** Some of the events that show it. */
  events: string[];
}

/** Independent reasons for the same word: each takes its part of the doubt that the others leave. */
export function combineWeights(weights: readonly number[]): number {
  const doubt = weights.reduce((left, weight) => left * (1 - weight), 1);
  return Math.round((1 - doubt) * 1000) / 1000;
}
