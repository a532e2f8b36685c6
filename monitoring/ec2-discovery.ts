import { stringify } from 'yaml';
import { ArgumentError, type TargetSettings } from './targets.ts';

/** Which instances are found, and how they are reached. */
export interface Ec2Discovery extends Omit<TargetSettings, 'app'> {
  region: string;
  /** One app only; all of them where it is missing. */
  app?: string;
  /** From within the network of the hosts. */
  usePrivateAddress: boolean;
}

/** @throws ArgumentError when the text has not the form of a region's name */
export function parseRegion(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new ArgumentError(`"${text}" is no AWS region: write one such as eu-central-1`);
}

/**
 * Scrape jobs that find running instances by the tag `ec2-deploy:app`, as a file for Prometheus' scrape_config_files.
 * Prometheus needs credentials that allow ec2:DescribeInstances.
 * @param endpoint another EC2 endpoint than the region's own
 * @returns YAML
 */
export function ec2ScrapeConfig(discovery: Ec2Discovery, endpoint?: string): string {
  const jobs = [
    ec2Job('app', '/metrics', discovery.metricsPort, discovery, endpoint),
    ec2Job('proxy', '/proxy/metrics', discovery.metricsPort, discovery, endpoint),
    ...(discovery.nodePort === undefined
      ? []
      : [ec2Job('node', '/metrics', discovery.nodePort, discovery, endpoint)]),
  ];
  return `# Written by: npm run monitoring:target -- ec2 …\n${stringify({ scrape_configs: jobs }, { lineWidth: 0 })}`;
}

function ec2Job(job: string, path: string, port: string, discovery: Ec2Discovery, endpoint?: string) {
  const address = discovery.usePrivateAddress ? '__meta_ec2_private_ip' : '__meta_ec2_public_ip';
  return {
    job_name: `ec2-${job}`,
    metrics_path: path,
    ec2_sd_configs: [
      {
        region: discovery.region,
        ...(endpoint === undefined ? {} : { endpoint }),
        port: Number(port),
        refresh_interval: '60s',
        filters: [
          { name: 'instance-state-name', values: ['running'] },
          discovery.app === undefined
            ? { name: 'tag-key', values: ['ec2-deploy:app'] }
            : { name: 'tag:ec2-deploy:app', values: [discovery.app] },
        ],
      },
    ],
    relabel_configs: [
      // An instance without such an address cannot be reached.
      { source_labels: [address], regex: '.+', action: 'keep' },
      { source_labels: [address], regex: '(.+)', replacement: `$1:${port}`, target_label: '__address__' },
      { source_labels: ['__meta_ec2_tag_ec2_deploy_app'], target_label: 'app' },
      { source_labels: ['__meta_ec2_instance_id'], target_label: 'instance' },
      // Dashboards and alerts know a job by what it asks, not by how it was found.
      { target_label: 'job', replacement: job },
    ],
  };
}
