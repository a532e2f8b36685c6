/** Each slot takes a twentieth of the requests, so shares can be moved in steps of five percent. */
const slots = 20;

/** Where the proxy's container answers with metrics of itself, to the containers beside it only. */
const proxyMetricsPort = 2020;

/**
 * Caddy's configuration. Traffic goes where the slot files say, read at each request, so that moving it needs no reload: a reload cuts
 * connections, a renamed file none. A request that carries the host's own probe token is told which container answered.
 * @param metricsPath path that is not answered, with all below it; empty for none
 */
export function proxyConfig(metricsPath: string): string {
  return configuration({
    metrics: {},
    servers: {
      app: server(':80', [probeRoute, ...closedRoutes(metricsPath), { handle: [reverseProxy()] }]),
      metrics: server(`:${proxyMetricsPort}`, [{ handle: [{ handler: 'metrics' }] }]),
    },
  });
}

/**
 * Configuration of the container that answers on the metrics port: `/metrics` is the live app's, `/proxy/metrics` the proxy's.
 * @param proxy name of the proxy's container
 * @param metricsPath where the app has its metrics; empty if it has none
 */
export function metricsConfig(proxy: string, metricsPath: string): string {
  const routes = [
    ...(metricsPath === '' ? [] : [metricsRoute('/metrics', metricsPath, slotTarget(0))]),
    metricsRoute('/proxy/metrics', '/metrics', `${proxy}:${proxyMetricsPort}`),
    { handle: [{ handler: 'static_response', status_code: 404 }] },
  ];
  return configuration({ servers: { metrics: server(':80', routes) } });
}

function configuration(http: Record<string, unknown>): string {
  return JSON.stringify({
    admin: { config: { persist: false } },
    logging: { logs: { default: { level: 'WARN' } } },
    apps: { http },
  });
}

function server(listen: string, routes: unknown[]) {
  return { listen: [listen], automatic_https: { disable: true }, routes };
}

function closedRoutes(path: string): unknown[] {
  if (path === '') return [];
  // Routers take a slash at the end for the same path.
  const match = [{ path: [path, `${path}/*`] }];
  return [{ match, handle: [{ handler: 'static_response', status_code: 404 }], terminal: true }];
}

function metricsRoute(path: string, upstreamPath: string, dial: string) {
  return {
    match: [{ path: [path] }],
    handle: [
      { handler: 'rewrite', uri: upstreamPath },
      { handler: 'reverse_proxy', upstreams: [{ dial }] },
    ],
    terminal: true,
  };
}

function slotTarget(slot: number): string {
  return `{file./state/slots/${String(slot).padStart(2, '0')}}`;
}

const probeHeader = 'X-Ec2-Deploy-Probe';

const probeRoute = {
  match: [{ header: { [probeHeader]: ['{file./state/probe-token}'] } }],
  handle: [
    {
      handler: 'headers',
      request: { delete: [probeHeader] },
      response: {
        deferred: true,
        set: { 'X-Ec2-Deploy-Upstream': ['{http.reverse_proxy.upstream.hostport}'] },
      },
    },
  ],
};

function reverseProxy() {
  return {
    handler: 'reverse_proxy',
    upstreams: Array.from({ length: slots }, (_, slot) => ({ dial: slotTarget(slot) })),
    load_balancing: {
      selection_policy: { policy: 'round_robin' },
      // A connection that cannot be opened is tried again, so that a restart of the container is a pause and no error.
      try_duration: '3s',
      try_interval: '100ms',
    },
    transport: {
      protocol: 'http',
      dial_timeout: '2s',
      // Idle connections close soon, so that what stays open to an old release is in flight.
      keep_alive: { enabled: true, idle_timeout: '1s' },
    },
    // Websockets and other streams live through a reload of the configuration.
    stream_close_delay: '1h',
  };
}
