import type { PeerModel, PeerTunnel } from './peer-model.ts';

/** The tunnels with the number that interfaces, policies and checks of the device bear; far from what a device has already. */
export function numbered({ tunnels }: PeerModel): { readonly tunnel: PeerTunnel; readonly number: number }[] {
  return tunnels.map((tunnel, index) => ({ tunnel, number: 101 + index }));
}
