import { ApiError } from '../api-error.ts';
import { isJsonObject, type JsonObject, objectAt, parseJsonObject, stringAt } from '../json.ts';

const MOST_DOCUMENT_BYTES = 65_536;
const RESERVED_PREFIXES = /^(aws|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport)/i;
const COMMAND_PARAMETER_TYPES = ['String', 'StringList'];

/**
 * Checks a CreateDocument or UpdateDocument request against the rules that moto leaves out.
 *
 * @throws ApiError MaxDocumentSizeExceeded, InvalidDocumentContent or InvalidDocument
 */
export function validateDocumentRequest(request: JsonObject): void {
  const name = stringAt(request, 'Name') ?? '';
  if (RESERVED_PREFIXES.test(name)) {
    throw new ApiError(
      'InvalidDocument',
      `The document name ${name} starts with a prefix that is reserved for AWS.`,
    );
  }
  const content = stringAt(request, 'Content') ?? '';
  if (Buffer.byteLength(content) > MOST_DOCUMENT_BYTES) {
    throw new ApiError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  }
  if ((stringAt(request, 'DocumentFormat') ?? 'JSON') === 'JSON') {
    validateContent(content, stringAt(request, 'DocumentType') ?? 'Command');
  }
}

function validateContent(text: string, documentType: string): void {
  const content = readContent(text);
  if (typeof content['schemaVersion'] !== 'string') {
    throw new ApiError(
      'InvalidDocumentContent',
      'The schemaVersion of a document must be a string, as in "2.2".',
    );
  }
  for (const [name, parameter] of Object.entries(objectAt(content, 'parameters'))) {
    const type = isJsonObject(parameter) ? stringAt(parameter, 'type') : undefined;
    if (documentType === 'Command' && !COMMAND_PARAMETER_TYPES.includes(type ?? '')) {
      throw new ApiError(
        'InvalidDocumentContent',
        `Parameter ${name} of a Command document must be a String or a StringList, not ${type}.`,
      );
    }
  }
}

function readContent(text: string): JsonObject {
  try {
    return parseJsonObject(text);
  } catch (error) {
    throw new ApiError('InvalidDocumentContent', `JSON not well-formed. ${(error as Error).message}`);
  }
}
