/** Keeps the page's address under a name, for everybody. */
import { Button, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiFailure, saved_query, send } from '../api.ts';

export function SaveQuestion({ name: proposed }: { name: string }) {
  const { pathname, searchStr } = useLocation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(proposed);
  const [told, setTold] = useState('');
  const save = async (): Promise<void> => {
    try {
      await send('POST', '/saved', { name, address: `${pathname}${searchStr}` });
      await client.invalidateQueries(saved_query);
      setTold('Saved: it stands under Reports.');
    } catch (error) {
      setTold(error instanceof ApiFailure ? error.message : String(error));
    }
  };
  return (
    <Popover
      opened={open}
      onChange={(opened) => {
        setOpen(opened);
        setTold('');
      }}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setName(proposed);
            setTold('');
            setOpen(!open);
          }}
        >
          Save
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="xs" w={260}>
            <TextInput
              size="xs"
              label="Name"
              data-autofocus
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Text size="xs" c="dimmed">
              Period and filter are kept with it. A period that ends now goes on ending now.
            </Text>
            <Button size="xs" type="submit" disabled={name.trim() === ''}>
              Save for everybody
            </Button>
            {told !== '' && (
              <Text size="xs" role="status">
                {told}
              </Text>
            )}
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
