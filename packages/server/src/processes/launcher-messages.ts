/** Of a listener. */
export type DoorName = 'http' | 'tls' | 'metrics';

/** What the launcher and its two processes say to each other, over Node's channel between parent and child. */
export type ToController =
  /** With the listening socket. */
  | { readonly kind: 'listener'; readonly name: DoorName }
  /** PEM. */
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string }
  | { readonly kind: 'no-certificate'; readonly why: string };

export type FromChild =
  | { readonly kind: 'ready' }
  /** Again and again, where systemd wants to hear it. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'listening'; readonly url: string };
