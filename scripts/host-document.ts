// The template that installs the host program as an SSM document; `npm run build` writes it beside the bundle.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostProgram, programDigest } from '../src/host/program.ts';

/** What the document puts before the program: the values of its parameters, which their patterns keep from being code. */
const variables = [
  "EC2_DEPLOY_PLAN='{{ plan }}'",
  "EC2_DEPLOY_APP='{{ app }}'",
  "EC2_DEPLOY_REGION='{{ region }}'",
];

const head = `# Made by "npm run build" from src/host/program.sh: change that one.
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The host program of ec2-deploy-action as an SSM document, so that the deploy role may run this and nothing else; and the
  association by which every host of the app comes up on the live release, and stays there.

Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: { default: App }
        Parameters: [AppName]
      - Label: { default: Convergence }
        Parameters: [Schedule]

Parameters:
  AppName:
    Type: String
    Description: Name of the app; the action's app-name, and the value of the hosts' tag ec2-deploy:app.
    AllowedPattern: "^(?!aws|ssm)[a-z0-9][a-z0-9-]{0,28}[a-z0-9]$"
    ConstraintDescription: must be 2 to 30 lower-case letters, digits and hyphens, not beginning with aws or ssm.
  Schedule:
    Type: String
    Description: >-
      How often every host compares itself with the ledger, as State Manager writes it; at least every 30 minutes apart.
    Default: rate(30 minutes)
    AllowedPattern: '^(rate|cron)\\(.+\\)$'
    ConstraintDescription: must be a rate or cron expression of State Manager, such as rate(30 minutes).

Resources:
  Document:
   # Indented by one blank a level: the program's text repeats it in every line, and a template has 51,200 bytes.
   Type: AWS::SSM::Document
   Properties:
    Name: !Sub "\${AppName}-ec2-deploy"
    DocumentType: Command
    DocumentFormat: YAML
    TargetType: /AWS::EC2::Instance
    # An update becomes the default version; the name, which the deploy role is limited to, stays.
    UpdateMethod: NewVersion
    Tags:
     - { Key: "ec2-deploy:app", Value: !Ref AppName }
    Content:
     schemaVersion: "2.2"
     description: !Sub "Rolls \${AppName} out on this host; without a plan, brings the host to the live release."
     parameters:
      plan:
       type: String
       description: What to do, as ec2-deploy-action writes it. Empty for what the ledger says is live.
       default: ""
       allowedPattern: "^[A-Za-z0-9+/=]*$"
      app:
       type: String
       description: Name of the app.
       default: !Ref AppName
       allowedPattern: "^[a-z0-9-]+$"
      region:
       type: String
       description: Region of the ledger.
       default: !Ref AWS::Region
       allowedPattern: "^[a-z0-9-]+$"
      executionTimeout:
       type: String
       description: Seconds that it may take.
       default: "1800"
       allowedPattern: "^[0-9]{1,6}$"
     mainSteps:
     - action: aws:runShellScript
       name: host
       precondition:
        StringEquals: [platformType, Linux]
       inputs:
        timeoutSeconds: "{{ executionTimeout }}"
        runCommand:
        - |
`;

const foot = `
  # Runs when an instance with the tag registers, which is at its first boot, and on the schedule.
  Association:
    Type: AWS::SSM::Association
    Properties:
      AssociationName: !Sub "\${AppName}-boot-to-live"
      Name: !Ref Document
      Targets:
        - { Key: "tag:ec2-deploy:app", Values: [!Ref AppName] }
      ScheduleExpression: !Ref Schedule
      MaxConcurrency: "50"
      MaxErrors: "100%"

Outputs:
  DocumentName:
    Description: The action's input ssm-document.
    Value: !Ref Document

  AssociationId:
    Description: The association, for aws ssm start-associations-once.
    Value: !GetAtt Association.AssociationId
`;

/** The whole template: a pure function of the program's text. */
export function hostDocumentTemplate(program: string): string {
  const [shebang = '', ...lines] = program.trimEnd().split('\n');
  const script = [shebang, ...variables, `EC2_DEPLOY_PROGRAM=${programDigest(program)}`, ...lines];
  return `${head}${script.map((line) => `         ${line}`).join('\n')}\n${foot}`;
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../infra-template/host-document.yaml');
  writeFileSync(file, hostDocumentTemplate(await hostProgram()));
}
