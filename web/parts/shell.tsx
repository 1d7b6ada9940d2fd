/** What stands around every page: brand, ways to the pages, account, and whether this is a demonstration. */
import type { User } from '@apiary/model/api/account.ts';
import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { me_query, seesWhole, send } from '../api.ts';
import { LogInPage } from '../pages/log-in.tsx';
import { carryFilter, type Search } from '../search.ts';
import { copyDefanged } from './copy-defanged.ts';
import { DemoBand } from './demo-band.tsx';
import { pageTitle } from './page-title.ts';
import { SearchBox } from './search-box.tsx';
import { Problem, Waiting } from './state-boxes.tsx';
import { zone } from './time.tsx';

const ways = [
  { to: '/', title: 'Overview' },
  { to: '/events', title: 'Events' },
  { to: '/live', title: 'Live' },
  { to: '/incidents', title: 'Incidents' },
  { to: '/reports', title: 'Reports' },
  { to: '/explore', title: 'Explore' },
  { to: '/files', title: 'Files' },
  { to: '/taxonomy', title: 'Taxonomy' },
  { to: '/sensors', title: 'Sensors' },
  { to: '/inventory', title: 'Inventory' },
] as const;

/** Pages that follow the whole filter; the others keep its period. */
const filtered = new Set<string>(['/', '/events', '/live', '/reports', '/explore']);
const periodOf = ({ last, from, to }: Search): Search =>
  Object.fromEntries(Object.entries({ last, from, to }).filter(([, value]) => value !== undefined));

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}

function AccountMenu({ user }: { user: User }) {
  const { name, role } = user;
  const client = useQueryClient();
  const logOut = async (): Promise<void> => {
    await send('POST', '/logout');
    client.clear();
    client.setQueryData(['me'], null);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className="account-button">
          {name}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {role} · times in {zone}
        </Menu.Label>
        <Menu.Item component={Link} to="/account">
          Account{role === 'administrator' ? ' and users' : ''}
        </Menu.Item>
        {role !== 'viewer' && seesWhole(user) && (
          <Menu.Item component={Link} to="/alerts">
            Alerts and reports by mail
          </Menu.Item>
        )}
        {role === 'administrator' && (
          <Menu.Item component={Link} to="/feeds">
            Feeds for others
          </Menu.Item>
        )}
        {role === 'administrator' && seesWhole(user) && (
          <Menu.Item component={Link} to="/settings">
            Settings
          </Menu.Item>
        )}
        {role === 'administrator' && (
          <Menu.Item component={Link} to="/audit">
            Who did what
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/api/docs">
          API description
        </Menu.Item>
        <Menu.Item onClick={() => void logOut()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The recordings of the demonstration last for minutes: in the usual day they would be one bar at the edge. */
const demo_period = '1h';

/** Puts that period into an address that names none. @returns whether it still has to */
function useDemoPeriod(demo: boolean): boolean {
  const search = useSearch({ strict: false }) as Search;
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const missing =
    demo &&
    ['/', '/events'].includes(pathname) &&
    [search.last, search.from, search.to].every((value) => value === undefined);
  useEffect(() => {
    if (missing)
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, last: demo_period }),
        replace: true,
      });
  }, [missing, navigate]);
  return missing;
}

export function Shell() {
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = pageTitle(pathname);
  }, [pathname]);
  useEffect(() => {
    document.addEventListener('copy', copyDefanged);
    return () => document.removeEventListener('copy', copyDefanged);
  }, []);
  const me = useQuery(me_query);
  const search = useSearch({ strict: false });
  const period_is_coming = useDemoPeriod(me.data?.demo ?? false);
  if (me.isPending) return <main className="log-in">{<Waiting rows={3} />}</main>;
  if (me.error !== null && me.data === undefined)
    return (
      <main className="log-in">
        <Problem error={me.error} />
      </main>
    );
  if (me.data === null || me.data === undefined) return <LogInPage />;
  const { user } = me.data;
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <DemoBand />
      <header className="top">
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="" width={18} height={18} className="brand-mark" />
          Apiary
        </Link>
        <nav aria-label="Pages">
          {ways.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              search={filtered.has(to) ? carryFilter(search) : periodOf(search)}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              activeProps={{ className: 'active', 'aria-current': 'page' }}
            >
              {title}
            </Link>
          ))}
        </nav>
        <div className="top-end">
          <SearchBox />
          <SchemeSwitch />
          <AccountMenu user={user} />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {!period_is_coming && <Outlet />}
      </main>
      <footer className="credits">
        Countries: NRO, CC BY 4.0. Networks: RouteViews and{' '}
        <a href="https://db-ip.com" rel="noreferrer">
          IP Geolocation by DB-IP
        </a>
        .
      </footer>
    </>
  );
}
