/** Settings that people changed on the page: they count before the settings file, until they are taken back. */
import type { SetMail } from '@apiary/model/api/settings.ts';
import type { StateDatabase } from './database.ts';

const names = { mail: 'page_mail', geo: 'page_geo' } as const;

type MailOnPage = Omit<SetMail, 'password'> & { password: string | null };
export interface GeoOnPage {
  country: string[];
  as: string[];
}

function read<T>(state: StateDatabase, name: keyof typeof names): T | null {
  const row = state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', names[name]);
  return row === undefined ? null : (JSON.parse(row.value) as T);
}

export const readPageMail = (state: StateDatabase): MailOnPage | null => read(state, 'mail');
export const readPageGeo = (state: StateDatabase): GeoOnPage | null => read(state, 'geo');

/** The password is in the state, which only the server's user reads, and not in the change log. */
export function setPageMail(state: StateDatabase, actor: string, { password, ...mail }: SetMail): void {
  const kept = password === undefined ? (readPageMail(state)?.password ?? null) : password;
  state.change(actor, 'set', 'mail', { ...mail, password_changed: password !== undefined }, () =>
    state.run(
      'INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)',
      names.mail,
      JSON.stringify({ ...mail, password: kept }),
    ),
  );
}

export function setPageGeo(state: StateDatabase, actor: string, geo: GeoOnPage): void {
  state.change(actor, 'set', 'geo', { ...geo }, () =>
    state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', names.geo, JSON.stringify(geo)),
  );
}

/** From now on it is as the file says. */
export function dropPageSetting(state: StateDatabase, actor: string, name: keyof typeof names): void {
  state.change(actor, 'set', `${name} as the file says`, {}, () =>
    state.run('DELETE FROM setting WHERE name = ?', names[name]),
  );
}
