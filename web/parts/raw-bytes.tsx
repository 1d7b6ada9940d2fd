/** The bytes that a sensor wrote: as text in which nothing hides, and as hexadecimal. */
import { SegmentedControl, UnstyledButton } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { renderHostile } from './hostile-text.tsx';
import { decodeBytes, dumpHex } from './raw-decoding.ts';

/** More is shown on request only: a record may have a megabyte. */
const shown_max = 16_384;

const showText = (bytes: Uint8Array): ReactNode[] =>
  decodeBytes(bytes).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one record keep their order
    <span key={index} className={part.invalid ? 'hidden-character' : undefined}>
      {part.invalid ? part.text : renderHostile(part.text, true)}
    </span>
  ));

export function RawBytes({ base64 }: { base64: string }) {
  const [form, setForm] = useState('text');
  const [all, setAll] = useState(false);
  const bytes = useMemo(
    () => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    [base64],
  );
  const shown = all ? bytes : bytes.subarray(0, shown_max);
  return (
    <>
      <SegmentedControl
        w="fit-content"
        size="xs"
        value={form}
        onChange={setForm}
        aria-label="Form of the bytes"
        data={[
          { value: 'text', label: 'Text' },
          { value: 'hex', label: 'Hex' },
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="raw" tabIndex={0} data-testid="raw">
        {form === 'text' ? showText(shown) : dumpHex(shown)}
      </pre>
      {bytes.length > shown.length && (
        <UnstyledButton className="show-all" onClick={() => setAll(true)}>
          … show all {bytes.length} bytes
        </UnstyledButton>
      )}
    </>
  );
}
