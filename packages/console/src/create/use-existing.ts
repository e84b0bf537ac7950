import { useLoaded, type Loaded } from '../live/loaded.ts';
import { readExisting, type Existing } from './existing.ts';

/** What can be chosen in a region, kept new while a form is open. */
export function useExisting(region: string): Loaded<Existing> {
  return useLoaded(region, () => ({
    kinds: ['vpcs', 'vpnGateways', 'customerGateways', 'ccns', 'ccnAttachments'],
    everyMs: 60_000,
    load: (isBackground: boolean) => readExisting(region, isBackground),
  }));
}
