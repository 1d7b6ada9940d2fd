/** What a page shows while it has nothing to show: waiting, nothing found, something wrong. */
import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api.ts';
import { HostileText } from './hostile-text.tsx';

export function Problem({ error, trying_again = true }: { error: unknown; trying_again?: boolean }) {
  const known = error instanceof ApiFailure ? error.error : null;
  const waits = trying_again && known !== null && ['engine_down', 'unreachable'].includes(known.code);
  return (
    <Alert
      color={waits ? 'orange' : 'red'}
      title={known?.code === 'engine_down' ? 'The database engine is down' : 'That did not work'}
      role="alert"
    >
      <Text size="sm">
        <HostileText text={known?.message ?? String(error)} />
      </Text>
      {known !== null && (
        <Text size="sm" c="dimmed">
          {known.remedy}
        </Text>
      )}
      {waits && <Text size="sm">This page tries again every few seconds.</Text>}
    </Alert>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      )}
    </div>
  );
}

export function Waiting({ rows = 6 }: { rows?: number }) {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content
        <Skeleton height={18} key={index} />
      ))}
    </Stack>
  );
}
