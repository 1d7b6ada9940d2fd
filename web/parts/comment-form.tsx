/** Where an analyst adds a comment. */
import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';

export function CommentForm({ onAdd }: { onAdd: (comment: string) => void }) {
  const [comment, setComment] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (comment.trim() === '') return;
        onAdd(comment);
        setComment('');
      }}
    >
      <Group gap="xs" align="end">
        <Textarea
          size="xs"
          w={420}
          label="Comment"
          autosize
          maxRows={6}
          value={comment}
          maxLength={4000}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" disabled={comment.trim() === ''}>
          Add
        </Button>
      </Group>
    </form>
  );
}
