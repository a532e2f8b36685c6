import { app, type DashboardSource, users } from './frame.ts';
import { chart, number } from './panels.ts';

const rate = '[$__rate_interval]';
/** Gives the series of an instance the release that it runs. */
const withRelease = `* on (instance) group_left (release) app_info{${app}}`;

function byRelease(series: string): string {
  return `sum by (release) (sum by (instance) (${series}) ${withRelease})`;
}

const requests = byRelease(`rate(http_requests_total{${users}}${rate})`);
const errors = byRelease(
  `(rate(http_requests_total{${users}, status=~"5.."}${rate}) or 0 * rate(http_requests_total{${users}}${rate}))`,
);

function quantileByRelease(share: string): string {
  const buckets = `sum by (instance, le) (rate(http_request_duration_seconds_bucket{${users}}${rate}))`;
  return `histogram_quantile(${share}, sum by (release, le) (${buckets} ${withRelease}))`;
}

/** Releases side by side: the one that comes against the one that goes. */
export const rollouts: DashboardSource = {
  uid: 'rollouts',
  title: 'Rollouts',
  description:
    'Releases side by side. A host tells the metrics of what is live on it: during a rollout over several hosts the new release is seen ' +
    'beside the old one, on a single host after it.',
  rows: {
    Now: [
      number('Release', {
        description: 'Releases that are live.',
        unit: 'none',
        shows: 'legend',
        queries: { '{{release}}': `count by (release) (app_info{${app}})` },
      }),
      number('Version', {
        description: 'What the image says it is.',
        unit: 'none',
        shows: 'legend',
        queries: { '{{version}}': `count by (version) (app_info{${app}})` },
      }),
      number('Live since', {
        description: 'When the youngest process of the app started.',
        unit: 'dateTimeFromNow',
        queries: { start: `max(process_start_time_seconds{${app}}) * 1000` },
      }),
      number('Releases, last 24 h', {
        description: 'Releases that were live at some time of the day.',
        unit: 'none',
        queries: { releases: `count(count by (release) (count_over_time(app_info{${app}}[24h])))` },
      }),
      number('Restarts, last 15 min', {
        description: 'Starts of the process that no release explains.',
        unit: 'none',
        queries: {
          restarts:
            'sum(clamp_min(app_instance:process_starts:changes15m{app="$app", instance=~"$instance"}' +
            ' - (app_instance:releases:count15m{app="$app", instance=~"$instance"} - 1), 0))',
        },
      }),
      number('Alert on a rollout', {
        description: '1 while a young release fails more often than the one before.',
        unit: 'none',
        queries: {
          firing:
            'count(ALERTS{alertname="ErrorsAfterRollout", alertstate="firing", app="$app"}) or vector(0)',
        },
      }),
    ],
    'Which release is where': [
      chart('Hosts by release', {
        description: 'How far a rollout has come: hosts on which a release is live.',
        unit: 'short',
        steps: true,
        stacking: 'normal',
        queries: { '{{release}}': `count by (release) (app_info{${app}})` },
      }),
      chart('Requests by release', {
        description: 'Who answers the users. It moves from one release to the other without a gap.',
        unit: 'reqps',
        stacking: 'normal',
        queries: { '{{release}}': requests },
      }),
    ],
    'Is it any worse': [
      chart('Errors by release', {
        description: 'Share of requests answered with 5xx.',
        unit: 'percentunit',
        queries: { '{{release}}': `${errors} / (${requests} > 0)` },
      }),
      chart('Duration by release, p95', {
        description: '95 % of the requests are faster than this. A young process is slow for a few seconds.',
        unit: 's',
        queries: { '{{release}}': quantileByRelease('0.95') },
      }),
      chart('Memory by release', {
        description: 'The largest process of each release.',
        unit: 'bytes',
        queries: {
          '{{release}}': `max by (release) (process_resident_memory_bytes{${app}} ${withRelease})`,
        },
      }),
      chart('Processor by release', {
        description: 'Share of one processor, mean of the hosts.',
        unit: 'percentunit',
        queries: {
          '{{release}}': `avg by (release) (rate(process_cpu_seconds_total{${app}}${rate}) ${withRelease})`,
        },
      }),
    ],
    'What the proxy sees': [
      chart('Answers of the proxy', {
        description: 'A rollout loses nothing: no 502, no dip.',
        unit: 'reqps',
        stacking: 'normal',
        queries: {
          '{{code}}': `sum by (code) (rate(caddy_http_request_duration_seconds_count{job="proxy", app="$app", instance=~"$instance", server="app", handler="reverse_proxy"}${rate}))`,
        },
      }),
      chart('Starts of the process', {
        description: 'Starts in the last 15 minutes, and those that no release explains.',
        unit: 'short',
        steps: true,
        queries: {
          starts: 'sum(app_instance:process_starts:changes15m{app="$app", instance=~"$instance"})',
          'without a release':
            'sum(clamp_min(app_instance:process_starts:changes15m{app="$app", instance=~"$instance"}' +
            ' - (app_instance:releases:count15m{app="$app", instance=~"$instance"} - 1), 0))',
        },
      }),
    ],
  },
};
