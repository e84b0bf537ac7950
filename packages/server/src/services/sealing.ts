/** Secrets are kept sealed, each for its own place: what is moved to another row does not open there. */
export interface Sealing {
  seal(place: SecretPlace, secret: string): string;
  /** Equal for equal texts; tells nothing about them without the key file. */
  digest(text: string): string;
  /** Throws where the text was sealed with another key file, or for another place. */
  open(place: SecretPlace, sealed: string): string;
}

export type SecretPlace =
  | `pre-shared-key:${string}`
  | `access-key:${string}`
  | `webhook:${string}`
  /** A token, by the SecretId that it belongs to. */
  | `temporary-credentials:${string}`
  /** By the access key and the token. */
  | `client-token:${string}`;
