/**
 * Errors of the vici client. None carries a request or a response, because requests may hold shared keys. An aborted
 * call rejects with the reason of its AbortSignal instead.
 */

/** Base of all errors of this package. */
export class ViciError extends Error {
  override readonly name: string = 'ViciError';
}

/** The caller's message cannot be put on the wire: a name or value too long, or not printable. */
export class ViciEncodeError extends ViciError {
  override readonly name = 'ViciEncodeError';
}

/** The peer's message breaks the format, or lacks or garbles a field that the typed layer needs. */
export class ViciDecodeError extends ViciError {
  override readonly name = 'ViciDecodeError';
}

/** The peer breaks the packet layer: wrong type, wrong length, an answer nobody asked for. The connection is closed. */
export class ViciProtocolError extends ViciError {
  override readonly name = 'ViciProtocolError';
}

/** The connection cannot be opened, or is gone; `cause` says why, unless it was closed on our side. */
export class ViciClosedError extends ViciError {
  override readonly name = 'ViciClosedError';
}

/** The bounded queue of commands is full; nothing was sent. */
export class ViciBusyError extends ViciError {
  override readonly name = 'ViciBusyError';
}

/** Events came faster than they were read, and the bounded queue is full. Later events of that reader are lost. */
export class ViciOverflowError extends ViciError {
  override readonly name = 'ViciOverflowError';
}

/** charon has no such command: a plugin is not loaded, or the version is too old. */
export class ViciUnknownCommandError extends ViciError {
  override readonly name = 'ViciUnknownCommandError';
  readonly command: string;

  constructor(command: string) {
    super(`charon does not know the command ${command}`);
    this.command = command;
  }
}

/** charon has no such event source. */
export class ViciUnknownEventError extends ViciError {
  override readonly name = 'ViciUnknownEventError';
  readonly event: string;

  constructor(event: string) {
    super(`charon does not know the event ${event}`);
    this.event = event;
  }
}

/** charon answered `success = no`; `reason` is its errmsg. */
export class ViciCommandError extends ViciError {
  override readonly name = 'ViciCommandError';
  readonly command: string;
  readonly reason: string;

  constructor(command: string, reason: string) {
    super(`charon refused ${command}: ${reason}`);
    this.command = command;
    this.reason = reason;
  }
}
