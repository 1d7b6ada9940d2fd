/** A dialogue in which one thing is changed: fields, a button, and what the server said against it. */
import { Button, Modal, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from './state-boxes.tsx';

interface EditFormProps {
  title: string;
  /** Sends what was typed; a rejection is shown and the dialogue stays. */
  submit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
  action?: string;
}

export function EditForm({ title, submit, onClose, children, action = 'Save' }: EditFormProps) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: submit,
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  return (
    // The page may scroll behind it: locking that would take an inline style, which is refused.
    <Modal opened onClose={onClose} title={title} lockScroll={false} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          {children}
          {save.error !== null && <Problem error={save.error} trying_again={false} />}
          <Button type="submit" loading={save.isPending}>
            {action}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
