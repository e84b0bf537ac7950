/** The first strongSwan that writes the replay state of an SA once when it follows a peer to another port. */
const mendedIn = [5, 9, 12];

/**
 * How many packets a CHILD_SA may be late, in packets: bursts of segmentation offload over several queues reorder more than
 * charon's default of 32. An older charon writes the window twice, into a message of 1024 bytes, when the peer's NAT gives
 * it another port (kernel_netlink_ipsec.c, update_sa), and loses the SA if it does not fit; with 1024 packets it does, with
 * the longest keys as well.
 * @param version of strongSwan, as vici's `version` tells it: `5.9.8`.
 */
export function replayWindowFor(version: string): number {
  const numbers = (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
  const at = mendedIn.findIndex((part, index) => (numbers[index] ?? 0) !== part);
  const isMended = at < 0 || (numbers[at] ?? 0) > (mendedIn[at] ?? 0);
  return isMended ? 2048 : 1024;
}
