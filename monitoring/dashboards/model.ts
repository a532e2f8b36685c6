import { app, type DashboardSource } from './frame.ts';
import { chart, number } from './panels.ts';

const rate = '[$__rate_interval]';
const predictRoute = `${app}, route="/predict"`;
const predictions = `sum by (label) (rate(predictions_total{${app}}${rate}))`;

function quantile(share: string, histogram: string, selector: string): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket{${selector}}${rate})))`;
}

function mean(histogram: string): string {
  return `sum(rate(${histogram}_sum{${app}}${rate})) / (sum(rate(${histogram}_count{${app}}${rate})) > 0)`;
}

/** What the model says, how fast, and whether it says the same as yesterday. */
export const model: DashboardSource = {
  uid: 'model',
  title: 'Model',
  description: 'What the model says, how fast, and whether its answers drift.',
  rows: {
    Now: [
      number('Model', {
        description: 'Name and version of the loaded model.',
        unit: 'none',
        shows: 'legend',
        queries: { '{{name}} {{version}}': `count by (name, version) (model_info{${app}})` },
      }),
      number('Predictions', {
        description: 'Texts judged a second; a request may carry up to 64.',
        unit: 'cps',
        decimals: 1,
        queries: { rate: `sum(rate(predictions_total{${app}}${rate}))` },
      }),
      number('Positive, last hour', {
        description: 'Share of the texts that were judged positive.',
        unit: 'percentunit',
        decimals: 1,
        queries: {
          positive: `sum(increase(predictions_total{${app}, label="positive"}[1h])) / (sum(increase(predictions_total{${app}}[1h])) > 0)`,
        },
      }),
      number('Inference, p95', {
        description: '95 % of the runs of the model are faster than this.',
        unit: 's',
        queries: { p95: quantile('0.95', 'prediction_duration_seconds', app) },
      }),
      number('Texts in a run', {
        description: 'Mean. Requests that wait go together into one run.',
        unit: 'short',
        decimals: 1,
        queries: { mean: mean('prediction_batch_size') },
      }),
      number('Digest', {
        description: 'The same on all hosts, or a rollout is under way.',
        unit: 'none',
        shows: 'legend',
        queries: { '{{digest}}': `count by (digest) (model_info{${app}})` },
      }),
    ],
    Answers: [
      chart('Predictions by label', {
        description: 'How many texts get which label.',
        unit: 'cps',
        stacking: 'normal',
        queries: { '{{label}}': predictions },
      }),
      chart('Share of labels', {
        description: 'A share that moves without a new model: other texts come in, or the texts are broken.',
        unit: 'percentunit',
        stacking: 'percent',
        queries: { '{{label}}': predictions },
      }),
      chart('Answers of /predict by status', {
        description: '422: the text is too long or the body malformed. 503: the model is not loaded.',
        unit: 'reqps',
        stacking: 'normal',
        queries: { '{{status}}': `sum by (status) (rate(http_requests_total{${predictRoute}}${rate}))` },
      }),
      chart('Duration of /predict', {
        description: 'The whole request: waiting for a run, the run itself, and JSON.',
        unit: 's',
        queries: {
          p50: quantile('0.50', 'http_request_duration_seconds', predictRoute),
          p95: quantile('0.95', 'http_request_duration_seconds', predictRoute),
          p99: quantile('0.99', 'http_request_duration_seconds', predictRoute),
        },
      }),
    ],
    Inference: [
      chart('Duration of a run', {
        description: 'One run of the model, whatever the number of texts in it.',
        unit: 's',
        queries: {
          p50: quantile('0.50', 'prediction_duration_seconds', app),
          p95: quantile('0.95', 'prediction_duration_seconds', app),
          p99: quantile('0.99', 'prediction_duration_seconds', app),
        },
      }),
      chart('Texts in a run', {
        description: 'It grows with the load: what waits goes together.',
        unit: 'short',
        queries: {
          mean: mean('prediction_batch_size'),
          p95: quantile('0.95', 'prediction_batch_size', app),
        },
      }),
    ],
  },
};
