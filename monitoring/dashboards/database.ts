import { app, type DashboardSource } from './frame.ts';
import { chart, number } from './panels.ts';

const rate = '[$__rate_interval]';
const routes = `${app}, route=~"/items.*"`;

/** The app's side of the database: its pool, and the routes that need it. */
export const database: DashboardSource = {
  uid: 'database',
  title: 'Database',
  description: "The app's side of the database: its pool of connections, and the routes that need them.",
  rows: {
    Now: [
      number('Connections in use', {
        description: 'Connections that run a statement.',
        unit: 'short',
        queries: { used: `sum(database_pool_connections{${app}, state="used"})` },
      }),
      number('Limit', {
        description:
          'Connections that all instances together may open. It must fit into max_connections of the server.',
        unit: 'short',
        queries: { limit: `sum(database_pool_limit{${app}})` },
      }),
      number('Requests that wait', {
        description: 'For a free connection.',
        unit: 'short',
        queries: { waiting: `sum(database_pool_waiting{${app}})` },
      }),
    ],
    Pool: [
      chart('Connections', {
        description: 'idle connections are closed after half a minute.',
        unit: 'short',
        stacking: 'normal',
        queries: { '{{state}}': `sum by (state) (database_pool_connections{${app}})` },
      }),
      chart('Use of the pool', {
        description: 'Connections in use as a share of the limit. At 100 % requests wait.',
        unit: 'percentunit',
        max: 1,
        queries: {
          '{{instance}}': `sum by (instance) (database_pool_connections{${app}, state="used"}) / sum by (instance) (database_pool_limit{${app}})`,
        },
      }),
      chart('Requests that wait', {
        description:
          'For a free connection. More than zero for long: raise DATABASE_POOL_SIZE, or look for slow statements.',
        unit: 'short',
        queries: { '{{instance}}': `sum by (instance) (database_pool_waiting{${app}})` },
      }),
    ],
    Routes: [
      chart('Duration of routes with a database, p95', {
        description: '95 % of the requests are faster than this.',
        unit: 's',
        queries: {
          '{{method}} {{route}}': `histogram_quantile(0.95, sum by (method, route, le) (rate(http_request_duration_seconds_bucket{${routes}}${rate})))`,
        },
      }),
      chart('Requests to routes with a database', {
        description: 'What the load on the database comes from.',
        unit: 'reqps',
        stacking: 'normal',
        queries: {
          '{{method}} {{route}}': `sum by (method, route) (rate(http_requests_total{${routes}}${rate}))`,
        },
      }),
      chart('Errors of routes with a database', {
        description: '503: the database is out of reach. 500: look into the log.',
        unit: 'reqps',
        queries: {
          '{{status}}': `sum by (status) (rate(http_requests_total{${routes}, status=~"5.."}${rate})) or label_replace(vector(0), "status", "none", "", "")`,
        },
      }),
    ],
  },
};
