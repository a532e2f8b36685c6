import { app, type DashboardSource, users } from './frame.ts';
import { chart, number } from './panels.ts';

const proxy = 'job="proxy", app="$app", instance=~"$instance", server="app", handler="reverse_proxy"';
const rate = '[$__rate_interval]';

function quantile(share: string, by: string): string {
  const buckets = `rate(http_request_duration_seconds_bucket{${users}}${rate})`;
  return `histogram_quantile(${share}, sum by (${by}) (${buckets}))`;
}

/** Rate, errors, duration and saturation: what users feel, and how close the app is to its limits. */
export const service: DashboardSource = {
  uid: 'service',
  title: 'Service',
  description: 'What users feel: rate, errors, duration, and how close the app is to its limits.',
  rows: {
    Now: [
      number('Release', {
        description: 'Releases that are live; two for as long as a rollout lasts.',
        unit: 'none',
        shows: 'legend',
        queries: { '{{release}}': `count by (release) (app_info{${app}})` },
      }),
      number('Instances that answer', {
        description: 'Hosts from which Prometheus gets metrics.',
        unit: 'none',
        queries: { up: `sum(up{${app}})` },
      }),
      number('Requests', {
        description: 'Requests of users a second; health checks and scrapes are not counted.',
        unit: 'reqps',
        decimals: 1,
        queries: { rate: `sum(rate(http_requests_total{${users}}${rate}))` },
      }),
      number('Errors, last hour', {
        description: 'Share of requests answered with 5xx. The objective is 0.1 %.',
        unit: 'percentunit',
        decimals: 3,
        queries: { errors: 'app:http_request_errors:ratio_rate1h{app="$app"}' },
      }),
      number('Slow, last hour', {
        description: 'Share of requests that took longer than 250 ms. The objective is 1 %.',
        unit: 'percentunit',
        decimals: 3,
        queries: { slow: 'app:http_request_slow:ratio_rate1h{app="$app"}' },
      }),
      number('Alerts', {
        description: 'Alerts that fire for this app.',
        unit: 'none',
        queries: { firing: 'count(ALERTS{alertstate="firing", app="$app"}) or vector(0)' },
      }),
    ],
    Traffic: [
      chart('Requests by route', {
        description: 'Which routes are asked how often.',
        unit: 'reqps',
        stacking: 'normal',
        queries: {
          '{{method}} {{route}}': `sum by (method, route) (rate(http_requests_total{${users}}${rate}))`,
        },
      }),
      chart('Answers by status', {
        description: 'A wave of 4xx is often a client, a wave of 5xx is the app.',
        unit: 'reqps',
        stacking: 'normal',
        queries: { '{{status}}': `sum by (status) (rate(http_requests_total{${users}}${rate}))` },
      }),
      chart('Errors', {
        description: 'Share of requests answered with 5xx. The line at 0.1 % is the objective.',
        unit: 'percentunit',
        queries: {
          'answered with 5xx': `(sum(rate(http_requests_total{${users}, status=~"5.."}${rate})) or vector(0)) / sum(rate(http_requests_total{${users}}${rate}))`,
          objective: 'vector(0.001)',
        },
      }),
      chart('What the proxy answers', {
        description: 'Seen from outside. 502 and 504 are of the proxy: the app was not there to count them.',
        unit: 'reqps',
        stacking: 'normal',
        queries: {
          '{{code}}': `sum by (code) (rate(caddy_http_request_duration_seconds_count{${proxy}}${rate}))`,
        },
      }),
    ],
    Duration: [
      chart('Duration', {
        description:
          'Half, 95 % and 99 % of the requests are faster than this. The objective: 99 % within 250 ms.',
        unit: 's',
        queries: { p50: quantile('0.50', 'le'), p95: quantile('0.95', 'le'), p99: quantile('0.99', 'le') },
      }),
      chart('Duration by route, p95', {
        description: '95 % of the requests to a route are faster than this.',
        unit: 's',
        queries: { '{{method}} {{route}}': quantile('0.95', 'method, route, le') },
      }),
    ],
    Saturation: [
      chart('Requests in flight', {
        description: 'Requests that are being answered. A line that climbs and stays is work that piles up.',
        unit: 'short',
        queries: { '{{instance}}': `http_requests_in_flight{${app}}` },
      }),
      chart('Refused requests', {
        description:
          'rate: a client over its limit, answered with 429. overload: too many in flight, answered with 503.',
        unit: 'reqps',
        queries: {
          '{{reason}}': `sum by (reason) (rate(http_requests_refused_total{${app}}${rate}))`,
        },
      }),
      chart('Error budget burn', {
        description:
          'How many times faster than allowed the budget is used up. Above 1 the month ends without any; at 14.4 somebody is paged.',
        unit: 'short',
        queries: {
          'availability, 1 h': 'app:http_request_errors:ratio_rate1h{app="$app"} / 0.001',
          'availability, 6 h': 'app:http_request_errors:ratio_rate6h{app="$app"} / 0.001',
          'latency, 1 h': 'app:http_request_slow:ratio_rate1h{app="$app"} / 0.01',
          'latency, 6 h': 'app:http_request_slow:ratio_rate6h{app="$app"} / 0.01',
        },
      }),
      chart('Alerts that fire', {
        description: 'What Prometheus has found; docs/troubleshooting.md says what to do about each.',
        unit: 'short',
        steps: true,
        queries: {
          '{{alertname}}':
            'count by (alertname) (ALERTS{alertstate="firing", app="$app"}) or label_replace(vector(0), "alertname", "none", "", "")',
        },
      }),
    ],
  },
};
