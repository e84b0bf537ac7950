/** Absolute paths of the programs that are not looked up in PATH. */
export interface Binaries {
  readonly charon: string;
  readonly uxfrm: string;
  readonly uxfrmShim: string;
  /** The prober of health checks. */
  readonly uxprobe: string;
}
