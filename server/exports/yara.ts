/** YARA rules for the files that an incident brought: each by its hash, and by what can be read in it. */
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { IncidentFacts } from './incident-facts.ts';

const strings_max = 16;
/** With fewer the hash alone says what it is. */
const strings_min = 4;
const string_length_min = 10;
const string_length_max = 96;
/** Part of its strings that a changed file must still have. */
const share_min = 0.75;

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** Kinds of characters, and how many differ: what an author wrote says more than padding. */
function tellingness(text: string): number {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[/:%.@=-]/, / /].filter((kind) => kind.test(text)).length;
  return kinds * 10 + Math.min(new Set(text).size, 30);
}

function chooseStrings({ strings }: ArtifactContent, isClean: (text: string) => boolean): string[] {
  const usable = [...new Set(strings)].filter(
    (text) => text.length >= string_length_min && /^[\x20-\x7e]+$/.test(text) && isClean(text),
  );
  return usable
    .sort((a, b) => tellingness(b) - tellingness(a) || (a < b ? -1 : 1))
    .slice(0, strings_max)
    .map((text) => text.slice(0, string_length_max));
}

function writeRule(
  { incident, tlp, created }: IncidentFacts,
  hash: string,
  content: ArtifactContent | undefined,
  isClean: (text: string) => boolean,
): string {
  const strings = content === undefined ? [] : chooseStrings(content, isClean);
  const same = `hash.sha256(0, filesize) == "${hash}"`;
  const head = Buffer.from(content?.head_base64 ?? '', 'base64').subarray(0, 4);
  const like =
    content === undefined || strings.length < strings_min || head.length < 4
      ? []
      : [
          `uint32be(0) == 0x${head.toString('hex')}`,
          `filesize > ${Math.floor(content.size / 2)} and filesize < ${content.size * 2}`,
          `${Math.ceil(strings.length * share_min)} of ($s*)`,
        ];
  const listed = strings.map((text, index) => `    $s${index} = ${quote(text)} ascii wide\n`).join('');
  return `rule apiary_incident_${incident.number}_${hash.slice(0, 16)} {
  meta:
    description = "A file that honeypot incident ${incident.number} brought"
    date = "${created.slice(0, 10)}"
    tlp = "${tlp}"
    sha256 = "${hash}"
${like.length === 0 ? '' : `  strings:\n${listed}`}  condition:
    ${like.length === 0 ? same : `${same} or (\n      ${like.join('\n      and ')}\n    )`}
}
`;
}

/**
 * @param contents of the files whose bytes are here; the others are known by their hash alone
 * @returns '' where the incident brought none
 */
export function writeYara(
  facts: IncidentFacts,
  contents: readonly ArtifactContent[],
  isClean: (text: string) => boolean,
): string {
  if (facts.files.length === 0) return '';
  const by_hash = new Map(contents.map((content) => [content.sha256, content]));
  const rules = facts.files.map((hash) => writeRule(facts, hash, by_hash.get(hash), isClean));
  return `import "hash"\n\n${rules.join('\n')}`;
}
