/**
 * Errors of the parsers in this package. Each says what was expected and quotes the offending text, shortened and
 * escaped, so that hostile input cannot flood or forge a log line.
 */

const QUOTE_LIMIT = 64;

/** The text as a JSON string of at most 64 characters; longer text ends in an ellipsis. */
function quote(text: string): string {
  return JSON.stringify(text.length > QUOTE_LIMIT ? `${text.slice(0, QUOTE_LIMIT)}…` : text);
}

/** Base of all parse errors here. `reason` is a sentence without the input; `message` has both. */
export class ValueSyntaxError extends Error {
  override readonly name: string = 'ValueSyntaxError';
  readonly reason: string;
  /** What was expected, such as `an IP address`. */
  readonly what: string;
  /** The text, as in the message. */
  readonly quoted: string;
  /** What was probably meant. */
  readonly suggestion: string | undefined;

  constructor(what: string, text: string, reason: string, suggestion?: string) {
    super(`${quote(text)} is not ${what}: ${reason}`);
    this.reason = reason;
    this.what = what;
    this.quoted = quote(text);
    this.suggestion = suggestion;
  }
}

/** Text that is no IP address or CIDR block. */
export class AddressSyntaxError extends ValueSyntaxError {
  override readonly name = 'AddressSyntaxError';
}

/** Text that the kernel would refuse as the name of a network device. */
export class InterfaceNameSyntaxError extends ValueSyntaxError {
  override readonly name = 'InterfaceNameSyntaxError';
}
