import { call, type Reply } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import { Loaded } from '../live/loaded.ts';

export type Gateway = Reply<'DescribeVpnGateways'>['VpnGatewaySet'][number] & { readonly Region: string };

/** The account's VPN gateways of every region that it has some in, by id. */
export class GatewayBook extends Loaded<ReadonlyMap<string, Gateway>> {
  constructor(regions: readonly string[]) {
    const calls = new GentleCalls(call);
    super({
      kinds: ['vpnGateways'],
      everyMs: 60_000,
      load: async (isBackground) => {
        const found = await Promise.all(
          regions.map(async (Region) => {
            const options = { region: Region, isBackground };
            const gateways = await calls.list('DescribeVpnGateways', 'VpnGatewaySet', {}, options);
            return gateways.map((gateway) => ({ ...gateway, Region }));
          }),
        );
        return new Map(found.flat().map((gateway) => [gateway.VpnGatewayId, gateway]));
      },
    });
  }

  /** Where a call about the gateway, or a tunnel of it, has to go. */
  placeOf(id: string): { readonly region?: string } {
    const region = this.value.value?.get(id)?.Region;
    return region === undefined ? {} : { region };
  }

  nameOf(id: string): string {
    return this.value.value?.get(id)?.VpnGatewayName ?? id;
  }
}
