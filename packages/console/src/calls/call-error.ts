/** An error that the service answered, or that nobody answered. */
export class CallError extends Error {
  /** Empty: nobody answered. */
  readonly code: string;
  /** Empty: there was no answer that had one. */
  readonly requestId: string;
  /** Of HTTP; 0: nobody answered. */
  readonly status: number;
  /** Where the call went; undefined: to the service's usual one, or to none. */
  readonly region: string | undefined;

  constructor(code: string, message: string, requestId: string, status: number, region?: string) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.requestId = requestId;
    this.status = status;
    this.region = region;
  }
}
