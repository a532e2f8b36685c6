import { ResolvedTemplate, type Template } from './cloudformation.ts';
import { placeholders } from './roles.ts';

/**
 * What an instance runs at its first boot.
 * @param launchTemplate name of the resource with the user data
 * @param parameters of the template, where they differ from their defaults
 */
export function bootScript(
  template: Template,
  launchTemplate: string,
  parameters: Record<string, string> = {},
): string {
  const resolved = new ResolvedTemplate(template, { refs: { ...placeholders, ...parameters } });
  const { LaunchTemplateData } = resolved.properties(launchTemplate) as {
    LaunchTemplateData: LaunchTemplateData;
  };
  return LaunchTemplateData.UserData['Fn::Base64'];
}

interface LaunchTemplateData {
  UserData: { 'Fn::Base64': string };
}
