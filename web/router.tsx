/** The pages and their addresses. Each page's script is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { LostPage } from './pages/lost.tsx';
import { Shell } from './parts/shell.tsx';
import { parseSearch, type Search, searchText } from './search.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: LostPage,
  validateSearch: (search: Record<string, unknown>) => search as Search,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
});
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  component: lazyRouteComponent(() => import('./pages/events.tsx'), 'EventsPage'),
});
const event = createRoute({
  getParentRoute: () => root,
  path: '/events/$key',
  component: lazyRouteComponent(() => import('./pages/event.tsx'), 'EventPage'),
});
const sensors = createRoute({
  getParentRoute: () => root,
  path: '/sensors',
  component: lazyRouteComponent(() => import('./pages/sensors.tsx'), 'SensorsPage'),
});
const inventory = createRoute({
  getParentRoute: () => root,
  path: '/inventory',
  component: lazyRouteComponent(() => import('./pages/inventory.tsx'), 'InventoryPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([overview, events, event, sensors, inventory, account]),
  parseSearch: (text) => parseSearch(text),
  stringifySearch: (search) => searchText(search as Search),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
