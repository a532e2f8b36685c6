/** Each slot takes a twentieth of the requests, so shares can be moved in steps of five percent. */
const slots = 20;

/**
 * Caddy's configuration. Traffic goes where the slot files say, read at each request, so that moving it needs no reload: a reload cuts
 * connections, a renamed file none. A request that carries the host's own probe token is told which container answered.
 */
export function proxyConfig(): string {
  return JSON.stringify({
    admin: { config: { persist: false } },
    logging: { logs: { default: { level: 'WARN' } } },
    apps: {
      http: {
        servers: {
          app: {
            listen: [':80'],
            automatic_https: { disable: true },
            routes: [probeRoute, { handle: [reverseProxy()] }],
          },
        },
      },
    },
  });
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
    upstreams: Array.from({ length: slots }, (_, slot) => ({
      dial: `{file./state/slots/${String(slot).padStart(2, '0')}}`,
    })),
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
