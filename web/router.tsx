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
const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  component: lazyRouteComponent(() => import('./pages/live.tsx'), 'LivePage'),
});
const explore = createRoute({
  getParentRoute: () => root,
  path: '/explore',
  component: lazyRouteComponent(() => import('./pages/explore.tsx'), 'ExplorePage'),
});
const sql = createRoute({
  getParentRoute: () => root,
  path: '/sql',
  component: lazyRouteComponent(() => import('./pages/sql.tsx'), 'SqlPage'),
});
const report_list = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  component: lazyRouteComponent(() => import('./pages/reports.tsx'), 'ReportsPage'),
});
const report = createRoute({
  getParentRoute: () => root,
  path: '/reports/$kind/$name',
  component: lazyRouteComponent(() => import('./pages/report.tsx'), 'ReportPage'),
});
const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./pages/incidents.tsx'), 'IncidentsPage'),
});
const incident = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$number',
  component: lazyRouteComponent(() => import('./pages/incident.tsx'), 'IncidentPage'),
});
const attacks = createRoute({
  getParentRoute: () => root,
  path: '/attacks',
  component: lazyRouteComponent(() => import('./pages/attacks.tsx'), 'AttacksPage'),
});
const attack = createRoute({
  getParentRoute: () => root,
  path: '/attacks/$id',
  component: lazyRouteComponent(() => import('./pages/attack.tsx'), 'AttackPage'),
});
const taxonomy = createRoute({
  getParentRoute: () => root,
  path: '/taxonomy',
  component: lazyRouteComponent(() => import('./pages/taxonomy.tsx'), 'TaxonomyPage'),
});
const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$sensor/$session',
  component: lazyRouteComponent(() => import('./pages/session.tsx'), 'SessionPage'),
});
const source = createRoute({
  getParentRoute: () => root,
  path: '/sources/$address',
  component: lazyRouteComponent(() => import('./pages/source.tsx'), 'SourcePage'),
});
const artifacts = createRoute({
  getParentRoute: () => root,
  path: '/files',
  component: lazyRouteComponent(() => import('./pages/artifacts.tsx'), 'ArtifactsPage'),
});
const artifact = createRoute({
  getParentRoute: () => root,
  path: '/files/$sha256',
  component: lazyRouteComponent(() => import('./pages/artifact.tsx'), 'ArtifactPage'),
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
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./pages/alerts.tsx'), 'AlertsPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
});
const feeds = createRoute({
  getParentRoute: () => root,
  path: '/feeds',
  component: lazyRouteComponent(() => import('./pages/feeds.tsx'), 'FeedsPage'),
});
const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  component: lazyRouteComponent(() => import('./pages/rules.tsx'), 'RulesPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    events,
    event,
    live,
    explore,
    sql,
    report_list,
    report,
    incidents,
    incident,
    attacks,
    attack,
    taxonomy,
    rules,
    session,
    source,
    artifacts,
    artifact,
    sensors,
    inventory,
    alerts,
    audit,
    feeds,
    settings,
    account,
  ]),
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
