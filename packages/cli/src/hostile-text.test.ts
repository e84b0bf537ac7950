import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import type { WireEnd } from '@landbridge/catalogue/operator/path-traces';
import type { WireTimelineLine } from '@landbridge/catalogue/operator/timelines';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json as jsonOf } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi, type MockInstance } from 'vitest';
import type { TraceReply } from './output/trace-lines.ts';
import { sas } from './sas.ts';
import { status } from './status.ts';
import { logs } from './story/logs.ts';
import { why } from './story/why.ts';
import { prove } from './prove.ts';
import { trace } from './trace.ts';

/** What a peer or another tenant may call itself: it clears the screen, writes over the line, turns the writing around. */
const hostile = 'a\u001b[2J\rb\u202ec\u009b3mx\n! forged';
const shown = 'a\\u001b[2J\\u000db\\u202ec\\u009b3mx\\u000a! forged';

const id = 'vpnx-00000001';
const at = '2026-11-27T20:00:00.000Z';
const finding: WireFinding = {
  ...{ Code: 'remote-identity-differs', Severity: 'error', Layer: 'ike-auth', Field: 'RemoteIdentity', ResourceId: id },
  ...{ Ours: 'office', Theirs: hostile, Causes: [{ Field: 'x', Tells: hostile }], Evidence: [hostile], Since: at },
  ...{ Summary: `The peer is ${hostile}.`, FixHere: `Set it to ${hostile}.`, FixThere: hostile },
};
const line = (Kind: WireTimelineLine['Kind'], Text: string): WireTimelineLine => ({
  ...{ LineId: `recorded-${Kind}`, Time: at, ResourceId: id, Kind, Text, State: Kind === 'state' ? 'refused' : '' },
  ...{ Finding: Kind === 'finding' ? finding : null, IsFirst: false, IsOver: false },
});
const end: WireEnd = {
  ...{ Kind: 'tunnel', ResourceId: id, Name: hostile, Reason: '', PeerAddress: '203.0.113.11', State: 'up' },
  ...{ CustomerGatewayId: 'cgw-00000001', CustomerGatewayName: hostile, Findings: [] },
};
const traced: TraceReply = {
  ...{ Traffic: 'network', Protocol: '', Port: null, PortsCount: true, Return: null },
  Forward: {
    ...{ SourceAddress: '10.0.1.5', DestinationAddress: '192.168.1.6', FromKind: null, FromId: '', WayCount: 1 },
    Ways: [{ Hops: [], End: end }],
  },
};

const answers: Readonly<Record<string, object>> = {
  DescribeTunnelHealth: {
    TotalCount: 1,
    TunnelHealthSet: [
      {
        ...{ VpnConnectionId: id, VpnConnectionName: hostile, VpnGatewayId: 'vpngw-00000001', FindingSet: [finding] },
        ...{ State: 'refused', Reason: hostile, Since: at, Proof: '', ProvenAt: '' },
      },
    ],
  },
  DescribeSystemStatus: {
    ...{ Version: '1', DataPlane: 'uxfrm', DataPlaneReason: 'it can', StartedAt: at },
    Gateways: [
      {
        ...{ VpnGatewayId: 'vpngw-00000001', Generation: 1, Applied: 1, Error: hostile, SourceCheck: true },
        Tunnels: [{ VpnConnectionId: id, State: 'refused', Reason: hostile, Notes: [], Children: [] }],
      },
    ],
    Conditions: [{ Name: 'store', Ok: false, Message: hostile }],
  },
  DescribeDroppedPackets: {
    TotalCount: 1,
    DroppedPacketSet: [{ ResourceId: id, VpnGatewayId: '', Reason: 'X', Message: hostile, Packets: 1 }],
  },
  DescribeTimeline: {
    ...{ PaginationToken: '', IsLast: true },
    LineSet: [line('state', `refused: ${hostile}`), line('ike', `IKE ${hostile}`), line('finding', '')],
  },
  TracePath: traced,
  ProvePath: {
    ...{ Verdict: 'refused', SourceAddress: '10.0.1.5', DestinationAddress: '192.168.1.6', Sent: 10, Arrived: null },
    ...{ Answered: 0, Delay: null, Refusals: [{ From: '10.0.1.1', Message: hostile, Packets: 1 }] },
    ...{ Routers: [{ Address: '10.0.1.1', ResourceId: id, Name: hostile }], Forward: traced.Forward, Return: null },
  },
  DescribeTunnelSas: {
    ...{ VpnConnectionId: id, SeenAt: at, IkeSaCount: 1, ChildSaCount: 0 },
    IkeSaSet: [
      {
        ...{ UniqueId: 1, Version: 'IKEV2', State: 'CONNECTING', Role: 'responder', ChildSaSet: [] },
        ...{ InitiatorSpi: '1111111111111111', ResponderSpi: '2222222222222222' },
        ...{ LocalAddress: '203.0.113.1', LocalPort: 500, LocalIdentity: hostile },
        ...{ RemoteAddress: '203.0.113.11', RemotePort: 500, RemoteIdentity: hostile },
        ...{ Encryption: null, Integrity: null, Prf: null, DhGroup: null },
        ...{ EstablishedAt: null, RekeyAt: null, ReauthAt: null },
      },
    ],
  },
};

let service: Server;
let directory = '';
const written: string[] = [];
let writing: MockInstance;

beforeAll(async () => {
  service = createServer((request, response) => {
    void answer(request).then((text) => response.end(text));
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  directory = mkdtempSync(join(tmpdir(), 'landbridge-hostile-'));
  writeFileSync(join(directory, 'admin.json'), JSON.stringify({ secretId: 'AKID', secretKey: 'key' }));
});

async function answer(request: IncomingMessage): Promise<string> {
  await jsonOf(request);
  return JSON.stringify({ Response: answers[String(request.headers['x-tc-action'])] });
}

afterAll(async () => {
  service.closeAllConnections();
  service.close();
  await once(service, 'close');
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  written.length = 0;
  writing = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => writing.mockRestore());

const options = () => ({
  endpoint: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
  dataDir: directory,
});
const commands: Readonly<Record<string, (more: { readonly json?: boolean }) => Promise<void>>> = {
  status: (more) => status({ ...options(), ...more }),
  why: (more) => why(id, { ...options(), ...more }),
  logs: (more) => logs(id, { ...options(), since: '2026-11-27T19:00:00Z', ...more }),
  sas: (more) => sas(id, { ...options(), ...more }),
  trace: (more) => trace('10.0.1.5', '192.168.1.6', { ...options(), ...more }),
  prove: async (more) => {
    await prove('subnet-00000001', '192.168.1.6', { ...options(), ...more });
    process.exitCode = 0;
  },
};

it.each(Object.keys(commands))(
  '%s shows what names, identities and log lines hold, and obeys none of it',
  async (name) => {
    for (const more of [{}, { json: true }]) {
      written.length = 0;
      await commands[name]?.(more);
      const text = written.join('');
      expect(text).toContain(more.json === true ? JSON.stringify(hostile).slice(1, 6) : shown.slice(0, 24));
      expect(text).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e]/u);
      // A line of a text of several is indented further than any of ours that begins so.
      expect(text).not.toMatch(/^ {0,2}! forged/m);
    }
  },
);
