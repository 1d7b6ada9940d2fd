/** Questions that people keep under a name: who sees all honeynets sees all of them; who saved one or an administrator removes it. */
import type { SavedQuestion } from '@apiary/model/api/saved.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

const saved_max = 1000;

/** @param owner only what they saved; null: all */
export const listSaved = (state: StateDatabase, owner: string | null = null): SavedQuestion[] =>
  state.all<SavedQuestion>(
    'SELECT saved_id, name, address, owner, saved_ms FROM saved_question WHERE (? IS NULL OR owner = ?) ORDER BY name, saved_id',
    owner,
    owner,
  );

/** @throws OperationalError `conflict` where there are too many */
export function saveQuestion(
  state: StateDatabase,
  owner: string,
  { name, address }: Pick<SavedQuestion, 'name' | 'address'>,
  now_ms: number,
): SavedQuestion {
  return state.change(owner, 'save question', name, { address }, () => {
    if (listSaved(state).length >= saved_max)
      throw new OperationalError('conflict', `${saved_max} questions are saved already: remove some first`);
    const { id } = state.run(
      'INSERT INTO saved_question (name, address, owner, saved_ms) VALUES (?, ?, ?, ?)',
      name,
      address,
      owner,
      now_ms,
    );
    return { saved_id: id, name, address, owner, saved_ms: now_ms };
  });
}

/** @throws OperationalError `not_found`, `forbidden` */
export function removeSaved(
  state: StateDatabase,
  actor: { name: string; is_administrator: boolean; sees_all: boolean },
  saved_id: number,
): void {
  const saved = listSaved(state, actor.sees_all ? null : actor.name).find((one) => one.saved_id === saved_id);
  if (saved === undefined) throw new OperationalError('not_found', `there is no saved question ${saved_id}`);
  if (saved.owner !== actor.name && !actor.is_administrator)
    throw new OperationalError(
      'forbidden',
      `${saved.owner} saved it: only they or an administrator may remove it`,
    );
  state.change(actor.name, 'remove question', saved.name, {}, () =>
    state.run('DELETE FROM saved_question WHERE saved_id = ?', saved_id),
  );
}
