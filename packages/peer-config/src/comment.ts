import type { PeerModel } from './peer-model.ts';

/** What people called something, for a comment of any dialect: letters and figures of any script, and marks that begin or end nothing. */
export function commentText(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.,:()/@+-]/gu, '_').slice(0, 120);
}

/** The first lines of a file, each behind the dialect's `mark`. */
export function heading(mark: string, model: PeerModel, place: string): string[] {
  const tunnels = model.tunnels.map(
    ({ id, name, gatewayAddress }) =>
      `${mark} VPN connection ${id} (${commentText(name)}) to the gateway ${gatewayAddress}`,
  );
  return [...tunnels, `${mark} ${place}`];
}
