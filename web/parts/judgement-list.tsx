/** What analysts decided and said, the last first. */
import { Text } from '@mantine/core';
import { HostileText } from './hostile-text.tsx';
import { Time } from './time.tsx';

interface Said {
  judgement_id: number;
  field: string;
  value: string;
  actor: string;
  made_ms: number;
}

/** @param titles how fields are called, where not by their names */
export function JudgementList(props: {
  judgements: readonly Said[];
  titles?: Readonly<Record<string, string>>;
}) {
  if (props.judgements.length === 0) return null;
  return (
    <ul className="judgements">
      {props.judgements.toReversed().map(({ judgement_id, field, value, actor, made_ms }) => (
        <li key={judgement_id}>
          <Time time={made_ms} /> <strong>{actor}</strong>{' '}
          <span className="dim">{props.titles?.[field] ?? field}</span>{' '}
          {value === '' ? (
            <Text span c="dimmed">
              taken back
            </Text>
          ) : (
            <HostileText text={value} limit={400} />
          )}
        </li>
      ))}
    </ul>
  );
}
