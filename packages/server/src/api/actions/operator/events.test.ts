import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '../../../domain/operator/event.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../../domain/resource-id.ts';
import { eventsKeptPerResource } from '../../../store/event-log.ts';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

/** DescribeEvents of service `landbridge`. */
let api: ApiHarness;
let gateway: VpnGatewayId;
let tunnel: VpnConnectionId;
let happened = 0;
beforeEach(async () => {
  api = await startHarness();
  gateway = (await makeGateway(api, await makeVpc(api))) as VpnGatewayId;
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
});
afterEach(() => api.close());

async function happen(resourceId: VpnConnectionId | VpnGatewayId, kind: EventKind, at: number): Promise<void> {
  const event = { resourceId, kind, at, message: `${kind} at ${at}` };
  await api.services.events.keep({ series: 'test', events: [{ number: ++happened, event }] });
}

async function read(parameters = {}, credential: TestCredential = api.admin): Promise<string[]> {
  const { EventSet } = await api.operate('DescribeEvents', parameters, { credential });
  return (EventSet as { Kind: string }[]).map(({ Kind }) => Kind);
}

describe('events', () => {
  it('are told with their time to the millisecond, the newest first', async () => {
    await happen(tunnel, 'tunnel-withdrawn', Date.parse('2026-11-22T20:00:00.123Z'));
    await happen(gateway, 'route-switched', Date.parse('2026-11-22T20:00:00.140Z'));
    const { EventSet, TotalCount } = await api.operate('DescribeEvents');
    expect(TotalCount).toBe(2);
    expect(EventSet).toMatchObject([
      { ResourceId: gateway, VpnGatewayId: gateway, Kind: 'route-switched', Time: '2026-11-22T20:00:00.140Z' },
      { ResourceId: tunnel, VpnGatewayId: gateway, Kind: 'tunnel-withdrawn', Time: '2026-11-22T20:00:00.123Z' },
    ]);
  });

  it('are found by resource, a gateway with its tunnels, by time and by page', async () => {
    await happen(tunnel, 'tunnel-down', 1000);
    await happen(gateway, 'route-switched', 2000);
    expect(await read({ ResourceId: tunnel })).toEqual(['tunnel-down']);
    expect(await read({ ResourceId: gateway })).toEqual(['route-switched', 'tunnel-down']);
    expect(await read({ Since: new Date(1500).toISOString() })).toEqual(['route-switched']);
    expect(await read({ Until: new Date(2000).toISOString() })).toEqual(['tunnel-down']);
    expect(await read({ Offset: 1, Limit: 1 })).toEqual(['tunnel-down']);
    expect((await api.fail('DescribeEvents', { Until: 'yesterday' }, { service: 'landbridge' })).Message).toContain(
      'Until',
    );
    expect((await api.fail('DescribeEvents', { Since: 'yesterday' }, { service: 'landbridge' })).Code).toBe(
      'InvalidParameterValue.Malformed',
    );
  });

  it('are found by kind, and page by page while more happens', async () => {
    for (let at = 1; at <= 3; at++) {
      await happen(tunnel, 'tunnel-down', at * 1000);
      await happen(tunnel, 'tunnel-up', at * 1000 + 500);
    }
    expect(await read({ Kinds: ['tunnel-down'] })).toEqual(Array(3).fill('tunnel-down'));
    expect(await read({ Kinds: ['tunnel-down', 'tunnel-up'] })).toHaveLength(6);
    expect(await read({ Kinds: ['probe-failed'] })).toEqual([]);
    const pageOf = async (parameters: object) => {
      const { EventSet, TotalCount } = await api.operate('DescribeEvents', { Kinds: ['tunnel-down'], ...parameters });
      const events = EventSet as readonly { readonly EventId: number; readonly Time: string }[];
      return { last: events.at(-1)?.EventId, times: events.map(({ Time }) => Date.parse(Time)), total: TotalCount };
    };
    const first = await pageOf({ Limit: 2 });
    await happen(tunnel, 'tunnel-down', 4000);
    const second = await pageOf({ Limit: 2, BeforeEventId: first.last });
    expect([first.times, second]).toMatchObject([[3000, 2000], { times: [1000], total: 1 }]);
  });

  it('are kept once, however often they come, and those of what is gone count as kept', async () => {
    const event = (message: string, resourceId: VpnConnectionId = tunnel) => {
      return { resourceId, kind: 'tunnel-up' as const, message, at: 1 };
    };
    const { keep } = api.services.events;
    const messages = async () => {
      const { EventSet } = await api.operate('DescribeEvents', { ResourceId: tunnel });
      return (EventSet as { Message: string }[]).map(({ Message }) => Message);
    };
    const first = [event('one'), event('of another', 'vpnx-gone0000'), event('two')];
    const numbered = first.map((one, index) => ({ number: index + 1, event: one }));
    await keep({ series: 'a', events: numbered });
    await keep({ series: 'a', events: [...numbered, { number: 4, event: event('three') }] });
    await keep({ series: 'b', events: [{ number: 1, event: event('four') }] });
    await keep({ series: 'a', events: numbered });
    expect(await messages()).toEqual(['four', 'three', 'two', 'one']);
  });

  it('are seen by the account that has the resource only', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
    await happen(tunnel, 'tunnel-down', 1000);
    const stranger = { secretId: String(SecretId), secretKey: String(SecretKey) };
    expect(await read({}, stranger)).toEqual([]);
    expect(await read({ ResourceId: tunnel }, stranger)).toEqual([]);
  });

  it('are bounded per resource, and go with it', async () => {
    await happen(gateway, 'route-switched', 0);
    const events = Array.from({ length: eventsKeptPerResource + 5 }, (_, index) => {
      const at = index + 1;
      const event = { resourceId: tunnel, kind: 'tunnel-down' as const, at, message: `tunnel-down at ${at}` };
      return { number: at, event };
    });
    await api.services.events.keep({ series: 'many', events });
    const { EventSet, TotalCount } = await api.operate('DescribeEvents', { ResourceId: tunnel, Limit: 1 });
    expect([TotalCount, (EventSet as { Message: string }[])[0]?.Message]).toEqual([
      eventsKeptPerResource,
      `tunnel-down at ${eventsKeptPerResource + 5}`,
    ]);
    await api.succeed('DeleteVpnConnection', { VpnGatewayId: gateway, VpnConnectionId: tunnel });
    await happen(tunnel, 'tunnel-down', 1);
    expect(await read()).toEqual(['route-switched']);
  });
});
