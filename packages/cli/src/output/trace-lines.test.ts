import type { WireEnd } from '@landbridge/catalogue/operator/path-traces';
import { expect, it } from 'vitest';
import { traceLines, type TraceReply } from './trace-lines.ts';

const decision = { Kind: 'vpc-range', Id: '', Range: '', SourceRange: '', Priority: null, NextHopId: '' } as const;
const end: WireEnd = {
  ...{ Kind: 'dropped', ResourceId: '', Name: '', Reason: '', PeerAddress: '' },
  ...{ CustomerGatewayId: '', CustomerGatewayName: '', State: '', Findings: [] },
};
const hop = { Name: '', OtherAccount: false, Decision: null, Rivals: [], RivalCount: 0 };
const reply: TraceReply = {
  ...{ Traffic: 'network', Protocol: 'tcp', Port: 443, PortsCount: false },
  Forward: {
    ...{ SourceAddress: '10.0.1.5', DestinationAddress: '192.168.1.6' },
    ...{ FromKind: 'subnet', FromId: 'subnet-a', WayCount: 1 },
    Ways: [
      {
        Hops: [
          {
            ...hop,
            ...{ ResourceId: 'vpc-1', Name: 'office' },
            Decision: { ...decision, Kind: 'vpc-route', Id: 'rti-1', Range: '192.168.0.0/16', NextHopId: 'vpngw-1' },
          },
          {
            ...hop,
            ResourceId: 'vpngw-1',
            Decision: {
              ...decision,
              ...{ Kind: 'gateway-route', Id: 'vpnr-2', Range: '192.168.1.0/24', Priority: 100, NextHopId: 'vpnx-2' },
            },
            Rivals: [
              {
                ...decision,
                ...{ Kind: 'gateway-route', Id: 'vpnr-1', Range: '192.168.1.0/24', Priority: 0, NextHopId: 'vpnx-1' },
                ...{ LostBy: 'unusable', Detail: 'probe' },
              },
            ],
            RivalCount: 3,
          },
        ],
        End: {
          ...end,
          ...{ Kind: 'tunnel', ResourceId: 'vpnx-2', Name: 'standby', PeerAddress: '203.0.113.21' },
          ...{ CustomerGatewayId: 'cgw-2', State: 'up', Findings: ['weak-ike-integrity'] },
        },
      },
    ],
  },
  Return: {
    ...{ SourceAddress: '192.168.1.6', DestinationAddress: '10.0.1.5' },
    ...{ FromKind: 'vpn-connection', FromId: 'vpnx-2', WayCount: 3 },
    Ways: [
      {
        Hops: [{ ...hop, ResourceId: 'ccn-1', OtherAccount: true }],
        End: { ...end, Kind: 'other-account' },
      },
      {
        Hops: [{ ...hop, ResourceId: 'vpngw-1' }],
        End: { ...end, ResourceId: 'vpngw-1', Reason: 'no-route' },
      },
    ],
  },
};

it('a way reads from hop to hop, with what lost below each, and the answer below', () => {
  expect(traceLines(reply)).toEqual([
    '10.0.1.5 (subnet-a) -> 192.168.1.6, tcp port 443',
    '  vpc-1 (office): route rti-1 192.168.0.0/16 to vpngw-1',
    '  vpngw-1: route vpnr-2 192.168.1.0/24, priority 100, to vpnx-2',
    '      not route vpnr-1 192.168.1.0/24, priority 0, to vpnx-1: no tunnel that it needs is usable (probe)',
    '      nor 2 others',
    '  => into tunnel vpnx-2 (standby), encrypted to 203.0.113.21 (cgw-2); it is up (weak-ike-integrity)',
    'no route, policy or filter on the way looks at protocols or ports',
    '',
    '192.168.1.6 (vpnx-2) -> 10.0.1.5, the answer',
    '  way 1 of 3; each flow takes one',
    "  ccn-1: another account's",
    '  => handed over to another account',
    '  way 2 of 3; each flow takes one',
    '  vpngw-1: nothing decides',
    '  => DROPPED by vpngw-1: no route leads there (no-route)',
    '  and 1 more ways',
  ]);
});

it("a gateway's own packets are told as such", () => {
  const probe: TraceReply = {
    ...{ Traffic: 'health-check', Protocol: '', Port: null, PortsCount: true, Return: null },
    Forward: {
      ...{ SourceAddress: '169.254.1.1', DestinationAddress: '169.254.1.2', FromKind: null, FromId: '', WayCount: 1 },
      Ways: [
        {
          Hops: [{ ...hop, ResourceId: 'vpngw-1', Decision: { ...decision, Kind: 'health-check', Id: 'vpnx-1' } }],
          End: { ...end, Kind: 'subnet', ResourceId: 'subnet-a', Name: 'a' },
        },
      ],
    },
  };
  expect(traceLines(probe)).toEqual([
    '169.254.1.1 -> 169.254.1.2',
    '  vpngw-1: health check of vpnx-1',
    '  => delivered to subnet-a (a)',
    'made by the gateway itself: no route table decides about it',
  ]);
});
