/**
 * A customer's device as it comes: a Debian package with its own file names and defaults, on a site of the lab, configured by
 * the examples of docs/peers.
 */
export interface StockDevice {
  /** Puts files where the package looks for them; takes effect with the next start. */
  configure(files: StockFiles): Promise<void>;
  /** Starts the daemon, loads the configuration, and initiates if that says so. */
  start(): Promise<void>;
  /** Renews an IKE_SA or its CHILD_SAs at once. */
  rekey(what: 'ike' | 'child'): Promise<void>;
  /** Ends it politely: the peer is told. */
  stop(): Promise<void>;
  /** Ends it without a word to anybody; what the kernel holds stays. */
  kill(): Promise<void>;
  log(): Promise<string>;
}

/** Path → text. */
export type StockFiles = Readonly<Record<string, string>>;
