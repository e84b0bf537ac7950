import { describe, expect, it } from 'vitest';
import { affected, byLoss, changesNetwork, type Cell, type Preview, type TunnelEffect } from './effect.ts';

const tunnel = (id: string, Effect: TunnelEffect['Effect'], Parts: string[] = []): TunnelEffect => ({
  ...{ VpnConnectionId: id, Effect, Parts },
});
const place = { Kind: 'subnet', Id: 'subnet-00000000', Range: '10.0.0.0/24' } as const;
const cell = (Before: Cell['Before'], After: Cell['After']): Cell => ({ From: place, To: place, Before, After });
const nothing: Preview = { Plans: [], Tunnels: [], Reachability: [], ReachabilityComplete: true, RequestId: '' };

describe('the effect of a change', () => {
  it('names tunnels that something becomes of, the interrupted first', () => {
    const tunnels = [
      tunnel('a', 'none'),
      tunnel('b', 'none', ['routes']),
      tunnel('c', 'rekey'),
      tunnel('d', 'interruption'),
    ];
    expect(affected(tunnels).map(({ VpnConnectionId }) => VpnConnectionId)).toEqual(['d', 'c', 'b']);
  });

  it('tells what is lost before what is won', () => {
    expect(byLoss([cell('no', 'yes'), cell('yes', 'some'), cell('some', 'no')]).map(({ After }) => After)).toEqual([
      ...['some', 'no', 'yes'],
    ]);
  });

  it('is none where tunnels stay as they are and nobody reaches anybody otherwise', () => {
    expect(changesNetwork({ ...nothing, Tunnels: [tunnel('a', 'none')] })).toBe(false);
    expect(changesNetwork({ ...nothing, Tunnels: [tunnel('a', 'rekey')] })).toBe(true);
    expect(changesNetwork({ ...nothing, Reachability: [cell('no', 'yes')] })).toBe(true);
    expect(changesNetwork({ ...nothing, Plans: [{ ResourceId: 'host', Change: 'changed', Parts: [] }] })).toBe(true);
  });
});
