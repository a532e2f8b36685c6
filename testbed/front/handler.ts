import type { JsonObject } from './json.ts';

/**
 * Answers an operation, or returns undefined when the request is to go on to moto.
 *
 * @param request the parameters as the client sent them
 * @param accessKeyId who calls
 * @throws ApiError with the error that AWS answers
 */
export type Handler = (
  request: JsonObject,
  accessKeyId: string,
) => Promise<JsonObject | undefined> | JsonObject | undefined;
