/** Reasons of decisions, as the rules gave them. */
import type { Evidence } from '@apiary/model/taxonomy.ts';
import { Text } from '@mantine/core';
import { HostileText } from './hostile-text.tsx';
import { Sheet } from './sheet.tsx';

const titles: Record<string, string> = {
  tool: 'Tool',
  weakness: 'Vulnerability',
  stage: 'How far',
  result: 'Result',
  family: 'Family',
  technique: 'ATT&CK',
  attacker: 'Attacker',
  objective: 'Objective',
};

export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  if (evidence.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No rule found anything to say.
      </Text>
    );
  return (
    <Sheet heads={['About', 'Says', { title: 'Weight', is_number: true }, 'Because, by which rule']}>
      {evidence.map((one) => (
        <tr key={`${one.about} ${one.says} ${one.rule} ${one.because}`}>
          <td>{titles[one.about] ?? one.about}</td>
          <td>{one.says}</td>
          <td className="number">{one.weight.toFixed(2)}</td>
          <td className="words">
            <HostileText text={one.because} limit={160} /> <span className="dim">{one.rule}</span>
          </td>
        </tr>
      ))}
    </Sheet>
  );
}
