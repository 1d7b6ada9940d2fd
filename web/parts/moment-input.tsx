/** A moment to choose, in the reader's zone. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { showLocal, zone } from './time.tsx';

interface MomentInputProps {
  label: string;
  value_ms: number;
  onChange: (ms: number) => void;
}

export function MomentInput({ label, value_ms, onChange }: MomentInputProps) {
  const [text, setText] = useState(showLocal(value_ms).replace(' ', 'T'));
  const ms = Date.parse(text);
  return (
    <TextInput
      label={label}
      description={
        Number.isNaN(ms) ? zone : `${zone}; ${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
      }
      type="datetime-local"
      step={1}
      required
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const next_ms = Date.parse(next);
        if (!Number.isNaN(next_ms)) onChange(next_ms);
      }}
    />
  );
}
