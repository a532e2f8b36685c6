import type { JsonObject } from '../json.ts';
import { type Command, commandState, type Invocation, isTerminal, type PluginRun } from './command.ts';

const STANDARD_ERROR_CHARACTERS = 8_000;

/** A command as SendCommand and ListCommands show it. */
export function commandView(command: Command): JsonObject {
  const state = commandState(command);
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: seconds(command.expiresAfter),
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: seconds(command.requestedAt),
    Status: state.status,
    StatusDetails: state.statusDetails,
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: command.invocations.length,
    CompletedCount: state.completedCount,
    ErrorCount: state.errorCount,
    DeliveryTimedOutCount: state.deliveryTimedOutCount,
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** An invocation as ListCommandInvocations shows it. */
export function invocationView(command: Command, invocation: Invocation, details: boolean): JsonObject {
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    InstanceName: invocation.instanceName,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: seconds(command.requestedAt),
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? invocation.plugins.map(pluginView) : [],
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

function pluginView(plugin: PluginRun): JsonObject {
  return {
    Name: plugin.name,
    Status: plugin.status,
    StatusDetails: plugin.statusDetails,
    ResponseCode: plugin.responseCode,
    ...(plugin.startedAt !== undefined && { ResponseStartDateTime: seconds(plugin.startedAt) }),
    ...(plugin.finishedAt !== undefined && { ResponseFinishDateTime: seconds(plugin.finishedAt) }),
    Output: plugin.output,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
  };
}

/** One step of an invocation as GetCommandInvocation shows it; the status is the step's own. */
export function invocationResult(command: Command, invocation: Invocation, plugin: PluginRun): JsonObject {
  const whole = invocation.plugins.length === 1 && !isTerminal(plugin.status) ? invocation : plugin;
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: plugin.name,
    ResponseCode: plugin.responseCode,
    ExecutionStartDateTime: plugin.startedAt?.toISOString() ?? '',
    ExecutionElapsedTime: elapsed(plugin),
    ExecutionEndDateTime: plugin.finishedAt?.toISOString() ?? '',
    Status: whole.status,
    StatusDetails: whole.statusDetails,
    StandardOutputContent: plugin.standardOutput,
    StandardOutputUrl: '',
    StandardErrorContent: plugin.standardError.slice(0, STANDARD_ERROR_CHARACTERS),
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

function elapsed({ startedAt, finishedAt }: PluginRun): string {
  return startedAt === undefined || finishedAt === undefined
    ? ''
    : `PT${(finishedAt.getTime() - startedAt.getTime()) / 1000}S`;
}

/** A time as the JSON protocol writes it. */
export function seconds(date: Date): number {
  return date.getTime() / 1000;
}
