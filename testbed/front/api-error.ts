/** An error that an AWS API answers with. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  /** Takes the code that clients match on, the text for people, and the HTTP status (400 unless told). */
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** What AWS answers when a field breaks its own model (length, pattern, range). */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationException', message);
}
