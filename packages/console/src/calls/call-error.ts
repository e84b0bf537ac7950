/** An error that the service answered, or that nobody answered. */
export class CallError extends Error {
  /** Empty: nobody answered. */
  readonly code: string;
  /** Empty: there was no answer that had one. */
  readonly requestId: string;
  /** Of HTTP; 0: nobody answered. */
  readonly status: number;

  constructor(code: string, message: string, requestId: string, status: number) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.requestId = requestId;
    this.status = status;
  }
}
