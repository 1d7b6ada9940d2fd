/** The filter in words: with completion of columns and values, and mistakes shown where they are. */
import { actions, directions, outcomes, target_kinds, vantages } from '@apiary/model/event.ts';
import { FilterSyntaxError, field_names, parseFilter } from '@apiary/model/filter-language.ts';
import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';
import { listOf, type Search } from '../search.ts';
import { useNames } from './names.ts';

const values: Record<string, readonly string[]> = {
  action: actions,
  outcome: outcomes,
  target_kind: target_kinds,
  direction: directions,
  vantage: vantages,
};
const shown_max = 12;
const quoteWhereNeeded = (text: string): string =>
  /^[^\s()":<>]+$/.test(text) ? text : JSON.stringify(text);

/** What may follow the text: the word under way completed by each of the columns or values that begin so. */
function complete(text: string, named: Record<string, string[]>): string[] {
  const [, head = '', word = ''] = /^(.*?)([^\s()]*)$/s.exec(text) ?? [];
  const at = word.indexOf(':');
  if (at === -1)
    return [...new Set(field_names)]
      .filter((name) => word !== '' && name.startsWith(word.toLowerCase()))
      .map((name) => `${head}${name}:`);
  const field = word.slice(0, at);
  const begun = word
    .slice(at + 1)
    .replace(/^"/, '')
    .toLowerCase();
  return (named[field] ?? values[field] ?? [])
    .filter((value) => value.toLowerCase().startsWith(begun))
    .map((value) => `${head}${field}:${quoteWhereNeeded(value)}`);
}

function findMistake(text: string): FilterSyntaxError | null {
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
}

export function FilterWords({ search, change }: { search: Search; change: (part: Search) => void }) {
  const given = listOf(search.q)[0] ?? '';
  const [text, setText] = useState(given);
  const [tried, setTried] = useState(false);
  const { inventory } = useNames();
  useEffect(() => setText(given), [given]);
  const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);
  const named = {
    sensor: names(inventory.sensors),
    honeypot: names(inventory.honeypots),
    honeynet: names(inventory.honeynets),
    sensor_type: [...new Set(inventory.sensors.map(({ type }) => type))],
  };
  const mistake = tried ? findMistake(text) : null;
  const apply = (): void => {
    setTried(true);
    if (findMistake(text) === null) change({ q: text.trim() === '' ? undefined : text.trim() });
  };
  return (
    <form
      className="filter-words"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Autocomplete
        size="xs"
        aria-label="Filter in words"
        placeholder="service:ssh and not country:SK"
        value={text}
        onChange={(value) => {
          setText(value);
          setTried(false);
        }}
        onBlur={apply}
        data={complete(text, named).slice(0, shown_max)}
        filter={({ options }) => options}
        error={
          mistake === null ? null : (
            <>
              {mistake.message}: {text.slice(0, mistake.at)}
              <mark>{text.slice(mistake.at, mistake.end) || '…'}</mark>
              {text.slice(mistake.end)}
            </>
          )
        }
      />
    </form>
  );
}
