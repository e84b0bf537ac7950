/** A model that a platform cannot be configured by. `value` is null where it is a secret. */
export class PeerConfigurationRefusal extends Error {
  override readonly name = 'PeerConfigurationRefusal';
  readonly platform: string;
  /** As in the model: `ike.dhGroup`. */
  readonly field: string;
  readonly value: string | null;
  readonly reason: string;

  constructor(platform: string, field: string, value: unknown, reason: string) {
    const shown = field.endsWith('preSharedKey') ? null : printable(String(value));
    super(`${platform}: ${field}${shown === null ? '' : ` ${shown}`} is not possible: ${reason}`);
    this.platform = platform;
    this.field = field;
    this.value = shown;
    this.reason = reason;
  }
}

const longestShown = 80;

/** A hostile value in a message: on one line, and not the whole book. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, longestShown)).slice(1, -1);
}
