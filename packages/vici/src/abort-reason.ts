/** The reason of an aborted signal as an Error to reject with; the reason itself whenever it is one. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('the call was aborted', { cause: reason });
}
