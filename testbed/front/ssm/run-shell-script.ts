import type { JsonObject } from '../json.ts';

export const RUN_SHELL_SCRIPT_NAME = 'AWS-RunShellScript';

/** AWS's own document for shell scripts, as GetDocument shows it. */
export const RUN_SHELL_SCRIPT: JsonObject = {
  schemaVersion: '1.2',
  description: 'Run a shell script or specify the commands to run.',
  parameters: {
    commands: {
      type: 'StringList',
      description: '(Required) Specify a shell script or a command to run.',
      minItems: 1,
      displayType: 'textarea',
    },
    workingDirectory: {
      type: 'String',
      default: '',
      description: '(Optional) The path to the working directory on your instance.',
      maxChars: 4096,
    },
    executionTimeout: {
      type: 'String',
      default: '3600',
      description:
        '(Optional) The time in seconds for a command to complete before it is considered to have failed. Default is 3600 (1 hour). Maximum is 172800 (48 hours).',
      allowedPattern: '^(([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800))$',
    },
  },
  runtimeConfig: {
    'aws:runShellScript': {
      properties: [
        {
          id: '0.aws:runShellScript',
          runCommand: '{{ commands }}',
          workingDirectory: '{{ workingDirectory }}',
          timeoutSeconds: '{{ executionTimeout }}',
        },
      ],
    },
  },
};

/** What DescribeDocument answers for it. */
export function describeRunShellScript(): JsonObject {
  const declared = RUN_SHELL_SCRIPT['parameters'] as Record<string, JsonObject>;
  return {
    Document: {
      Name: RUN_SHELL_SCRIPT_NAME,
      Owner: 'Amazon',
      Status: 'Active',
      DocumentVersion: '1',
      LatestVersion: '1',
      DefaultVersion: '1',
      Description: RUN_SHELL_SCRIPT['description'],
      Parameters: Object.entries(declared).map(([Name, parameter]) => ({
        Name,
        Type: parameter['type'],
        Description: parameter['description'],
        ...(parameter['default'] !== undefined && { DefaultValue: parameter['default'] }),
      })),
      PlatformTypes: ['Linux', 'MacOS'],
      DocumentType: 'Command',
      SchemaVersion: '1.2',
      DocumentFormat: 'JSON',
      Tags: [],
    },
  };
}
