/** Every input's name with its default, as action.yml has them. */
export const inputDefaults = {
  'stack-name': '',
  'instance-ids': '',
  'target-tags': '',
  region: '',
  'ssm-document': '',
  repository: '',
  context: '.',
  dockerfile: '',
  target: '',
  'build-args': '',
  platform: '',
  image: '',
  'app-name': '',
  'container-port': '8000',
  'host-port': '80',
  'metrics-port': '',
  'metrics-path': '/metrics',
  env: '',
  secrets: '',
  memory: '',
  cpus: '',
  'read-only': 'false',
  command: '',
  volumes: '',
  strategy: 'blue-green',
  'batch-size': '25%',
  'migrate-command': '',
  'drain-timeout': '30s',
  'keep-releases': '5',
  'health-path': '/health',
  'health-timeout': '60s',
  timeout: '15m',
  'wait-for-lease': '10m',
  'wait-for-instance': '10m',
} as const;

/** Inputs of the other actions that a deploy has not. */
export const otherDefaults = { release: '' } as const;

/** Of every input of any of the actions. */
export const allDefaults = { ...inputDefaults, ...otherDefaults } as const;

export type InputName = keyof typeof allDefaults;
