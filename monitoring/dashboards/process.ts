import { app, type DashboardSource } from './frame.ts';
import { chart } from './panels.ts';

const rate = '[$__rate_interval]';
const host = 'job="node", app="$app", instance=~"$instance"';
const disks = `${host}, fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|vfat"`;

/** The Node.js process, and the host below it. */
export const process: DashboardSource = {
  uid: 'process',
  title: 'Process and host',
  description: 'The Node.js process, and the host below it where node_exporter runs.',
  rows: {
    Process: [
      chart('Processor', {
        description: 'Share of one processor. JavaScript runs on one: near 100 % it is the limit.',
        unit: 'percentunit',
        queries: { '{{instance}}': `rate(process_cpu_seconds_total{${app}}${rate})` },
      }),
      chart('Memory', {
        description: 'resident is what the host has to find; heap is what the garbage collector works on.',
        unit: 'bytes',
        queries: {
          'resident {{instance}}': `process_resident_memory_bytes{${app}}`,
          'heap used {{instance}}': `nodejs_heap_size_used_bytes{${app}}`,
          'heap {{instance}}': `nodejs_heap_size_total_bytes{${app}}`,
          'external {{instance}}': `nodejs_external_memory_bytes{${app}}`,
        },
      }),
      chart('Event loop lag', {
        description: 'How late timers come. Above 100 ms something computes where it should wait.',
        unit: 's',
        queries: {
          'p50 {{instance}}': `nodejs_eventloop_lag_p50_seconds{${app}}`,
          'p99 {{instance}}': `nodejs_eventloop_lag_p99_seconds{${app}}`,
        },
      }),
      chart('Garbage collection', {
        description:
          'Share of the time spent in it. More than a few percent: too much is allocated, or the heap is small.',
        unit: 'percentunit',
        queries: { '{{kind}}': `sum by (kind) (rate(nodejs_gc_duration_seconds_sum{${app}}${rate}))` },
      }),
      chart('Open files', {
        description: 'Files and sockets. A line that only climbs is a leak.',
        unit: 'short',
        queries: { '{{instance}}': `process_open_fds{${app}}` },
      }),
      chart('What is alive', {
        description: 'Sockets, timers and the like, by kind.',
        unit: 'short',
        queries: { '{{type}}': `sum by (type) (nodejs_active_resources{${app}})` },
      }),
      chart('Time since the start', {
        description: 'A line that falls to zero is a start.',
        unit: 's',
        queries: { '{{instance}}': `time() - process_start_time_seconds{${app}}` },
      }),
    ],
    Host: [
      chart('Processors of the host', {
        description: 'Share that is not idle.',
        unit: 'percentunit',
        max: 1,
        queries: {
          '{{instance}}': `1 - avg by (instance) (rate(node_cpu_seconds_total{${host}, mode="idle"}${rate}))`,
        },
      }),
      chart('Memory of the host', {
        description: 'Share that is used. A rollout has two containers at a time.',
        unit: 'percentunit',
        max: 1,
        queries: {
          '{{instance}}': `1 - node_memory_MemAvailable_bytes{${host}} / node_memory_MemTotal_bytes{${host}}`,
        },
      }),
      chart('Disks', {
        description:
          'Share that is used. Below 10 % free somebody is paged: a rollout needs room for an image.',
        unit: 'percentunit',
        max: 1,
        queries: {
          '{{instance}} {{mountpoint}}': `1 - node_filesystem_avail_bytes{${disks}} / node_filesystem_size_bytes{${disks}}`,
        },
      }),
      chart('Network of the host', {
        description: 'Bytes a second.',
        unit: 'bytes',
        queries: {
          'in {{instance}}': `sum by (instance) (rate(node_network_receive_bytes_total{${host}, device!="lo"}${rate}))`,
          'out {{instance}}': `sum by (instance) (rate(node_network_transmit_bytes_total{${host}, device!="lo"}${rate}))`,
        },
      }),
    ],
  },
};
