/**
 * A customer's device as it comes: a Debian package with its own file names and defaults, on a site of the lab, configured by
 * the examples of docs/peers.
 */
export interface StockDevice {
  /** Puts files where the package looks for them; takes effect with the next start. */
  configure(files: StockFiles): Promise<void>;
  /** Starts the daemon, loads the configuration, and initiates if that says so. */
  start(): Promise<void>;
}

/** Path → text. */
export type StockFiles = Readonly<Record<string, string>>;
