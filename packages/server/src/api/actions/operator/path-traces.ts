import {
  pathTraceActions,
  type WireDirection,
  type WireEnd,
  type WireHop,
  type WireRival,
} from '@landbridge/catalogue/operator/path-traces';
import type { Decision } from '../../../derive/packet-trace.ts';
import { destinationOf } from '../../../derive/path-rivals.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Direction, OwnDecision, ShownEnd, ShownHop, ShownRival } from '../../../services/operator/path-traces.ts';
import type { Handlers } from '../../action.ts';
import { readAddress } from '../../wire/wire-values.ts';

/** The way of a packet through the network (service landbridge). */
export function pathTraceHandlers({ pathTraces }: Services): Handlers<typeof pathTraceActions> {
  return {
    TracePath: async (caller, { Protocol: protocol, Port: port, ...ends }) => {
      const { traffic, forward, back } = await pathTraces.trace(caller, {
        from: { address: readAddress(ends.SourceAddress, 'SourceAddress'), placeId: ends.SourceId ?? null },
        to: {
          address: readAddress(ends.DestinationAddress, 'DestinationAddress'),
          placeId: ends.DestinationId ?? null,
        },
        protocol: protocol ?? null,
        port: port ?? null,
      });
      return {
        ...{ Traffic: traffic, Protocol: protocol ?? '', Port: port ?? null, PortsCount: traffic !== 'network' },
        Forward: wireDirection(forward),
        Return: back && wireDirection(back),
      };
    },
  };
}

export function wireDirection({ source, destination, from, ways, wayCount }: Direction): WireDirection {
  return {
    ...{ SourceAddress: source, DestinationAddress: destination },
    ...{ FromKind: from?.kind ?? null, FromId: from?.id ?? '' },
    Ways: ways.map(({ hops, end }) => ({ Hops: hops.map(wireHop), End: wireEnd(end) })),
    WayCount: wayCount,
  };
}

function wireHop({ at, name, isOthers, decidedBy, rivals, rivalCount }: ShownHop): WireHop {
  return {
    ...{ ResourceId: at, Name: name, OtherAccount: isOthers },
    Decision: decidedBy && wireDecision(decidedBy),
    ...{ Rivals: rivals.map(wireRival), RivalCount: rivalCount },
  };
}

function wireRival({ decision, lostBy, detail }: ShownRival): WireRival {
  return { ...wireDecision(decision), LostBy: lostBy, Detail: detail };
}

function wireDecision(decision: Decision | OwnDecision): NonNullable<WireHop['Decision']> {
  const common = { Id: '', SourceRange: '', Priority: null, NextHopId: '' };
  switch (decision.kind) {
    case 'health-check':
    case 'ike':
      return { ...common, Kind: decision.kind, Id: decision.vpnConnectionId, Range: '' };
    case 'vpc-range':
    case 'announcement':
      return { ...common, Kind: decision.kind, Range: decision.range };
    case 'mapping': {
      const { vpnConnectionId: id, mapping } = decision;
      const ranges = { Range: mapping.remote, SourceRange: mapping.local };
      return { ...common, Kind: decision.kind, Id: id, ...ranges, NextHopId: id };
    }
    case 'vpc-route':
      return { ...common, ...ofRoute(decision), NextHopId: decision.route.nextHop.id };
    case 'gateway-route':
      return {
        ...common,
        ...ofRoute(decision),
        NextHopId: decision.route.nextHop.id,
        Priority: decision.route.priority,
      };
    case 'ccn-route':
      return { ...common, ...ofRoute(decision), NextHopId: decision.route.instance.id };
  }
}

function ofRoute(decision: Decision & { readonly route: { readonly id: string } }) {
  return { Kind: decision.kind, Id: decision.route.id, Range: destinationOf(decision) };
}

function wireEnd(end: ShownEnd): WireEnd {
  const common: WireEnd = {
    ...{ Kind: end.kind, ResourceId: '', Name: '', Reason: '', PeerAddress: '', CustomerGatewayId: '' },
    ...{ CustomerGatewayName: '', State: '', Findings: [] },
  };
  switch (end.kind) {
    case 'subnet':
    case 'router':
    case 'line':
      return { ...common, ResourceId: end.id, Name: end.name };
    case 'other-account':
      return { ...common, ResourceId: end.id ?? '' };
    case 'dropped':
      return { ...common, ResourceId: end.at ?? '', Reason: end.why };
    case 'uplink':
      return { ...common, ...wirePeer(end.peer) };
    case 'tunnel': {
      const { id, name, peer, condition } = end;
      const told = { State: condition.state, Findings: codesOf(condition.findings) };
      return { ...common, ResourceId: id, Name: name, ...wirePeer(peer), ...told };
    }
  }
}

function codesOf(findings: readonly { readonly code: string }[]): string[] {
  return findings.map(({ code }) => code);
}

function wirePeer(peer: (ShownEnd & { readonly kind: 'uplink' })['peer']) {
  return {
    PeerAddress: peer?.address ?? '',
    CustomerGatewayId: peer?.id ?? '',
    CustomerGatewayName: peer?.name ?? '',
  };
}
