import { parseCidr } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import { sampleConnection } from '../../testing/sample-plans.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { NegotiationDiagnosis, type SeenConnection } from './negotiation-diagnosis.ts';

const id: VpnConnectionId = 'vpnx-00000001';
const nameOf = (of: VpnConnectionId) => `${of}@0123456789ab`;
const name = nameOf(id);
const down: SeenConnection = { isConnected: false, carrying: [], leftToPeer: [] };
const ofPlan = (plan: ConnectionPlan): SeenConnection => ({
  ...{ isConnected: true, leftToPeer: [] },
  carrying: plan.children.map((child) => ({ name: child.name, localTs: [child.localTs], remoteTs: [child.remoteTs] })),
});

/** A tunnel that is down, to a peer at 198.51.100.2; the gateway is 203.0.113.1. */
function patient(changes: Partial<ConnectionPlan> = {}, others: readonly ConnectionPlan[] = []) {
  let now = 1_000_000;
  const diagnosis = new NegotiationDiagnosis(() => now);
  const proposals = { ikeProposals: ['aes256-sha256-modp2048'], espProposals: ['aes256gcm16-modp2048-esn-noesn'] };
  const plan = { ...sampleConnection(id), ...proposals, ...changes };
  const all = [plan, ...others].map((one) => ({ plan: one, name: nameOf(one.id) }));
  diagnosis.setConnections(all);
  for (const { plan: one } of all) diagnosis.noteSeen(one.id, down);
  const ofName = (ikeSaName: string | undefined, texts: readonly string[]) =>
    texts.map((text) => diagnosis.noteLine({ thread: 5, ikeSaName, text })).some(Boolean);
  return {
    ...{ diagnosis, plan },
    /** Lines about the named IKE_SA. */
    named: (...texts: string[]) => ofName(name, texts),
    /** Lines that are about no connection yet. */
    unnamed: (...texts: string[]) => ofName('(unnamed)', texts),
    /** A packet from an address, and what charon says about it before it has chosen a connection. */
    from: (address: string, ...texts: string[]) =>
      ofName('(unnamed)', [`received packet: from ${address}[500] to 203.0.113.1[500] (464 bytes)`, ...texts]),
    pass: (ms: number) => (now += ms),
    found: (of = id) => diagnosis.findingsOf(of, 0).map(({ code, ours, theirs }) => ({ code, ours, theirs })),
    seen: (seen: SeenConnection) => diagnosis.noteSeen(id, seen),
  };
}

const peer = '198.51.100.2';
const ikeSaInit =
  'parsed IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(HASH_ALG) N(REDIR_SUP) ]';
const createChild = 'parsed CREATE_CHILD_SA response 0 [ N(NO_PROP) ]';
const established = `IKE_SA ${name}[7] established between 203.0.113.1[203.0.113.1]...198.51.100.2[198.51.100.2]`;
const proposal = 'AES-CBC-256 / SHA-256 / PRF SHA-256 / group 14 (MODP_2048)';

describe('as the end that answers', () => {
  it.each([
    [
      'IKE:AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
      { code: 'ike-encryption-differs', ours: 'AES-CBC-256', theirs: 'AES-CBC-128' },
    ],
    [
      'IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024',
      { code: 'ike-dh-group-differs', ours: '14 (MODP_2048)', theirs: '2 (MODP_1024)' },
    ],
  ])('%s', (received, expected) => {
    const { from, found } = patient();
    const news = from(
      ...([peer, ikeSaInit, `${peer} is initiating an IKE_SA`, `received proposals: ${received}`] as const),
      ...[
        'configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
        'received proposals unacceptable',
      ],
    );
    expect(news).toBe(true);
    expect(found()).toEqual([expected]);
  });

  it('names the ESP cipher, with IKE_AUTH having no group', () => {
    const { from, named, found } = patient();
    from(peer, 'parsed IKE_AUTH request 1 [ IDi N(INIT_CONTACT) IDr AUTH SA TSi TSr N(MULT_AUTH) ]');
    named(established, 'received proposals: ESP:AES_GCM_16_128/NO_EXT_SEQ', 'no acceptable proposal found');
    expect(found()).toEqual([{ code: 'esp-encryption-differs', ours: 'AES-GCM-16-256', theirs: 'AES-GCM-16-128' }]);
    expect(named(`received DELETE for IKE_SA ${name}[7]`)).toBe(false);
    expect(found()).toHaveLength(1);
  });

  it.each([
    [
      '203.0.113.1[other.example]...198.51.100.2[198.51.100.2]',
      'local-identity-differs',
      '203.0.113.1',
      'other.example',
    ],
    ['203.0.113.1[203.0.113.1]...198.51.100.2[other.example]', 'remote-identity-differs', peer, 'other.example'],
    ['203.0.113.1[%any]...198.51.100.2[192.168.1.2]', 'private-identity-behind-nat', peer, '192.168.1.2'],
  ])('identities: %s', (sought, code, ours, theirs) => {
    const { from, found } = patient();
    from(peer, `looking for peer configs matching ${sought}`, 'no matching peer config found');
    expect(found()).toEqual([{ code, ours, theirs }]);
  });

  it('says nothing of identities that are as they should be', () => {
    const { from, found } = patient();
    from(
      peer,
      `looking for peer configs matching 203.0.113.1[203.0.113.1]...${peer}[${peer}]`,
      'no matching peer config found',
    );
    expect(found()).toEqual([]);
  });

  it('of two tunnels to one address, the one is meant whose peer says so', () => {
    const twin = { ...sampleConnection('vpnx-00000002'), remoteId: 'fqdn:branch.example' };
    const { from, found } = patient({}, [twin]);
    from(
      peer,
      `looking for peer configs matching 203.0.113.1[x.example]...${peer}[branch.example]`,
      'no matching peer config found',
    );
    expect(found()).toEqual([]);
    expect(found(twin.id)).toEqual([{ code: 'local-identity-differs', ours: '203.0.113.1', theirs: 'x.example' }]);
  });

  it('knows the version by the exchange', () => {
    const { from, found } = patient();
    const refused = `no IKE config found for 203.0.113.1...${peer}, sending NO_PROPOSAL_CHOSEN`;
    from(peer, 'parsed ID_PROT request 0 [ SA V V V V V ]', refused);
    expect(found()).toEqual([{ code: 'ike-version-differs', ours: 'IKEV2', theirs: 'IKEV1' }]);
    const other = patient();
    other.from(peer, ikeSaInit, refused);
    expect(other.found()).toEqual([]);
  });

  /** What charon says of a packet that it refuses, the first line of it on a thread that worked for somebody else before. */
  const refusals = {
    'ike-dh-group-differs': [
      ...[ikeSaInit, `${peer} is initiating an IKE_SA`],
      'received proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024',
      'configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
      'received proposals unacceptable',
    ],
    'ike-version-differs': [
      'parsed ID_PROT request 0 [ SA V V V V V ]',
      `no IKE config found for 203.0.113.1...${peer}, sending NO_PROPOSAL_CHOSEN`,
    ],
    'local-identity-differs': [
      'parsed IKE_AUTH request 1 [ IDi IDr AUTH SA TSi TSr ]',
      `looking for peer configs matching 203.0.113.1[other.example]...${peer}[${peer}]`,
      'no matching peer config found',
    ],
  };
  const overtaken = Object.entries(refusals).flatMap(([code, lines]) =>
    lines.flatMap((_, place) => [1, 2].map((by) => [code, lines, place, by] as const)),
  );

  it.each(overtaken)('%s, where a line is overtaken (%#)', (code, lines, place, by) => {
    const { from, unnamed, found } = patient();
    from('192.0.2.9', ikeSaInit);
    from(peer, 'parsed IKE_AUTH request 1 [ EF(1/2) ]', 'received fragment #1 of 2, waiting for complete IKE message');
    const told = [`received packet: from ${peer}[500] to 203.0.113.1[500] (464 bytes)`, ...lines];
    const [late = ''] = told.splice(place, 1);
    unnamed(...told.toSpliced(place + by, 0, late), 'sending packet: from 203.0.113.1[500] to 198.51.100.2[500]');
    expect(found().map((finding) => finding.code)).toEqual([code]);
  });

  it('an overtaken line is not laid to the charge of whoever the thread worked for before', () => {
    const other = {
      ...sampleConnection('vpnx-00000002'),
      remoteAddress: '192.0.2.9' as ConnectionPlan['remoteAddress'],
    };
    const { from, unnamed, found } = patient({}, [other]);
    from('192.0.2.9', ikeSaInit);
    unnamed(...refusals['ike-dh-group-differs'], `received packet: from ${peer}[500] to 203.0.113.1[500] (464 bytes)`);
    expect([found(other.id), found().length]).toEqual([[], 1]);
    // Nor is it anew to whoever sends next.
    from('192.0.2.9', ikeSaInit);
    expect(found(other.id)).toEqual([]);
  });

  it('tells swapped networks from others', () => {
    const children = [{ name: id, localTs: parseCidr('10.0.0.0/16'), remoteTs: parseCidr('192.168.3.0/24') }];
    const ours = '10.0.0.0/16 (here) === 192.168.3.0/24 (there)';
    const { named, found } = patient({ children });
    named('traffic selectors 192.168.3.0/24 === 10.0.0.0/16 unacceptable');
    expect(found()).toEqual([
      { code: 'selectors-swapped', ours, theirs: '192.168.3.0/24 (here) === 10.0.0.0/16 (there)' },
    ]);
    named('traffic selectors 10.0.0.0/16 === 192.168.77.0/24 unacceptable');
    expect(found()).toMatchObject([{ code: 'selectors-differ', ours }]);
  });

  it('a second message that does not come is told after a moment, by what charon lists', () => {
    const { diagnosis, pass, found } = patient();
    const halfOpen = [{ uniqueId: 9, remoteHost: peer }];
    diagnosis.noteHalfOpen(halfOpen);
    pass(3000);
    diagnosis.noteHalfOpen(halfOpen);
    expect(found()).toEqual([]);
    pass(2000);
    diagnosis.noteHalfOpen(halfOpen);
    expect(found()).toMatchObject([{ code: 'authentication-not-received' }]);
  });

  it('says nothing of one that was left unfinished before the tunnel was up', () => {
    const { diagnosis, pass, found, seen, plan } = patient();
    const halfOpen = [{ uniqueId: 9, remoteHost: peer }];
    diagnosis.noteHalfOpen(halfOpen);
    pass(1000);
    seen(ofPlan(plan));
    seen(down);
    pass(10_000);
    diagnosis.setConnections([{ plan, name: `${id}@ffffffffffff` }]);
    diagnosis.noteSeen(id, down);
    diagnosis.noteHalfOpen(halfOpen);
    expect(found()).toEqual([]);
  });

  it('is not told what somebody at the same address does while the tunnel is up', () => {
    const { from, seen, found, plan } = patient();
    seen(ofPlan(plan));
    from(peer, `looking for peer configs matching 203.0.113.1[x]...${peer}[y]`, 'no matching peer config found');
    seen(down);
    expect(found()).toEqual([]);
  });
});

describe('as the end that begins', () => {
  it('shows all that was offered where the peer says only no, and keeps a better answer of the other role for a minute', () => {
    const { from, named, found, pass } = patient();
    const refused = ['parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'received NO_PROPOSAL_CHOSEN notify error'];
    named(...refused);
    expect(found()).toEqual([{ code: 'ike-proposal-refused', ours: proposal, theirs: null }]);
    from(
      peer,
      ikeSaInit,
      'received proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256',
      'received proposals unacceptable',
    );
    expect(found()).toMatchObject([{ code: 'ike-dh-group-differs' }]);
    expect(named(...refused)).toBe(false);
    expect(found()).toMatchObject([{ code: 'ike-dh-group-differs' }]);
    pass(61_000);
    expect(named(...refused)).toBe(true);
    expect(found()).toMatchObject([{ code: 'ike-proposal-refused' }]);
  });

  it('takes the group that the peer asks for, unless it is one of ours', () => {
    const { named, from, found } = patient();
    from(peer, 'parsed IKE_SA_INIT response 0 [ N(INVAL_KE) ]');
    named("peer didn't accept DH group MODP_2048, it requested MODP_2048");
    expect(found()).toEqual([]);
    named("peer didn't accept DH group MODP_2048, it requested MODP_3072");
    expect(found()).toEqual([{ code: 'ike-dh-group-differs', ours: '14 (MODP_2048)', theirs: '15 (MODP_3072)' }]);
  });

  it('tells a cipher that is refused from a group that is, by whether a CHILD_SA stood before', () => {
    const { named, from, seen, found, plan } = patient();
    const refused = 'received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built';
    named(established);
    from(peer, createChild);
    named(refused);
    expect(found()).toEqual([
      { code: 'esp-proposal-refused', ours: 'AES-GCM-16-256 / group 14 (MODP_2048)', theirs: null },
    ]);
    seen(ofPlan(plan));
    named(refused);
    const warning = { code: 'rekeying-pfs-group-differs', ours: '14 (MODP_2048)', theirs: null };
    expect(found()).toEqual([warning]);
    seen(down);
    expect(found()).toEqual([warning]);
  });

  it('a warning about renewals goes with one that succeeds', () => {
    const { diagnosis, from, named, seen, found, plan } = patient();
    named(established);
    seen(ofPlan(plan));
    from(peer, createChild);
    named('received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built');
    expect(found()).toHaveLength(1);
    diagnosis.noteChildRekeyed(name);
    expect(found()).toEqual([]);
  });

  it('tells silence from the first message from silence after it, by the port', () => {
    const { named, found } = patient();
    named('retransmit 2 of request with message ID 0');
    expect(found()).toEqual([{ code: 'peer-silent', ours: peer, theirs: null }]);
    named(
      `sending packet: from 203.0.113.1[4500] to ${peer}[4500] (256 bytes)`,
      'retransmit 2 of request with message ID 1',
    );
    expect(found()).toEqual([{ code: 'authentication-unanswered', ours: 'UDP 4500', theirs: null }]);
  });

  it('an end tells something only where nothing was told', () => {
    const { named, seen, found, plan } = patient();
    named(established);
    seen(ofPlan(plan));
    named('giving up after 3 retransmits');
    seen(down);
    expect(found()).toMatchObject([{ code: 'peer-stopped-answering' }]);
    named('received AUTHENTICATION_FAILED notify error', `received DELETE for IKE_SA ${name}[7]`);
    expect(found()).toMatchObject([{ code: 'authentication-refused', ours: '203.0.113.1' }]);
  });
});

describe('what is kept', () => {
  it('evidence is bounded, and without what came before the tunnel was up', () => {
    const { diagnosis, named, seen, plan, pass } = patient();
    for (let times = 0; times < 20; times++) {
      named(
        `error writing to socket: ${'x'.repeat(1000)}`,
        `tried ${times} shared keys for 'a' - 'b', but MAC mismatched`,
      );
      pass(10);
    }
    const [finding] = diagnosis.findingsOf(id, 0);
    expect(finding?.evidence.length).toBeLessThanOrEqual(5);
    expect(Math.max(...(finding?.evidence ?? []).map(({ length }) => length))).toBeLessThanOrEqual(300);
    seen(ofPlan(plan));
    seen(down);
    expect(diagnosis.findingsOf(id, 0)).toEqual([]);
  });

  it('nothing of another form of the tunnel', () => {
    const { diagnosis, named, plan } = patient();
    named('received AUTHENTICATION_FAILED notify error');
    diagnosis.setConnections([{ plan, name }]);
    expect(diagnosis.findingsOf(id, 0)).toHaveLength(1);
    diagnosis.setConnections([{ plan, name: `${id}@ffffffffffff` }]);
    diagnosis.noteSeen(id, down);
    expect(diagnosis.findingsOf(id, 0)).toEqual([]);
    expect(named('received AUTHENTICATION_FAILED notify error')).toBe(false);
  });

  it('since when it is so, while it is so', () => {
    const { diagnosis, named, pass } = patient();
    named('received AUTHENTICATION_FAILED notify error');
    pass(5000);
    named('received AUTHENTICATION_FAILED notify error');
    expect(diagnosis.findingsOf(id, 0)).toMatchObject([{ since: 1_000_000, object: id }]);
    expect(diagnosis.reasonOf(id)).toBe('Authentication refused: 203.0.113.1 here.');
  });
});

describe('a tunnel that works', () => {
  const children = [
    { name: 'a', localTs: parseCidr('10.0.0.0/16'), remoteTs: parseCidr('192.168.1.0/24') },
    { name: 'b', localTs: parseCidr('10.0.0.0/16'), remoteTs: parseCidr('192.168.2.0/24') },
  ];

  it('has a warning while its networks are narrower, not for parts of them beside each other', () => {
    const { seen, found, plan } = patient({ children });
    const part = { name: 'a', localTs: ['10.0.0.0/16'], remoteTs: ['192.168.1.0/25'] };
    const whole = ofPlan(plan);
    seen({ ...whole, carrying: [part, ...whole.carrying.slice(1)] });
    expect(found()).toMatchObject([
      { code: 'selectors-narrowed', theirs: '10.0.0.0/16 (here) === 192.168.1.0/25 (there)' },
    ]);
    seen({ ...whole, carrying: [part, { ...part, remoteTs: ['192.168.1.128/25'] }, ...whole.carrying.slice(1)] });
    expect(found()).toEqual([]);
    seen(whole);
    expect(found()).toEqual([]);
  });

  it('has one when the peer closes it four times in two minutes, and none for what we close or renew', () => {
    const { diagnosis, named, seen, found, plan, pass } = patient();
    for (let times = 0; times < 8; times++) {
      pass(10_000);
      diagnosis.noteChildDown(name);
    }
    for (let times = 0; times < 8; times++) {
      pass(10_000);
      named(`received DELETE for IKE_SA ${name}[${times}]`);
    }
    seen(ofPlan(plan));
    expect(found()).toEqual([]);
    pass(10_000);
    const said = (times: number) => named(`received DELETE for IKE_SA ${name}[${times}]`);
    const gone = () => diagnosis.noteChildDown(name);
    for (let times = 0; times < 4; times++) {
      pass(10_000);
      // charon tells them on two ways.
      const halves = [() => said(times), gone];
      for (const half of times % 2 === 0 ? halves : halves.toReversed()) half();
    }
    seen(ofPlan(plan));
    expect(found()).toMatchObject([{ code: 'reopened-by-peer' }]);
    pass(120_000);
    seen(ofPlan(plan));
    expect(found()).toEqual([]);
  });

  it('has none while a peer that authenticates anew may begin again, and one when it does not', () => {
    const { named, seen, found, plan, pass } = patient();
    seen(ofPlan(plan));
    named(`received DELETE for IKE_SA ${name}[7]`);
    seen(down);
    expect(found()).toEqual([]);
    pass(2900);
    expect(found()).toEqual([]);
    pass(100);
    expect(found()).toMatchObject([{ code: 'closed-by-peer' }]);
  });

  it('names the networks that only the peer opens, not hundreds of them', () => {
    const many = Array.from({ length: 200 }, (_, n) => ({
      ...{ name: String(n), localTs: parseCidr(`10.0.${n}.0/24`), remoteTs: parseCidr('192.168.1.0/24') },
    }));
    const { seen, found, named } = patient({ negotiation: 'passive', children: many });
    seen({ ...down, leftToPeer: many });
    const [first] = found();
    expect(first).toMatchObject({ code: 'child-not-opened' });
    expect(first?.ours).toMatch(/^10\.0\.0\.0\/24 \(here\) === 192\.168\.1\.0\/24 \(there\), .* and 197 more$/);
    named('received AUTHENTICATION_FAILED notify error');
    expect(found()).toMatchObject([{ code: 'authentication-refused' }]);
  });
});

describe('who does not come, and who comes instead', () => {
  const passive = { negotiation: 'passive' as const };

  it('a peer that never began is told after ten seconds, of a tunnel that waits for it', () => {
    const { pass, found, from } = patient(passive);
    pass(9000);
    expect(found()).toEqual([]);
    pass(2000);
    expect(found()).toEqual([{ code: 'peer-never-began', ours: peer, theirs: null }]);
    from(peer, ikeSaInit);
    expect(found()).toEqual([]);
    const active = patient();
    active.pass(20_000);
    expect(active.found()).toEqual([]);
  });

  it('somebody who asks twice from an address that no tunnel has, where nothing comes from the peer', () => {
    const refused = 'no IKE config found for 203.0.113.1...198.51.100.77, sending NO_PROPOSAL_CHOSEN';
    const knock = ({ from }: ReturnType<typeof patient>) => from('198.51.100.77', ikeSaInit, refused);
    const waiting = patient(passive);
    knock(waiting);
    expect(waiting.found()).toEqual([]);
    knock(waiting);
    const caller = { code: 'caller-from-other-address', ours: peer, theirs: '198.51.100.77' };
    expect(waiting.found()).toEqual([caller]);
    waiting.pass(121_000);
    expect(waiting.found()).toMatchObject([{ code: 'peer-never-began' }]);
    const active = patient();
    for (let times = 0; times < 3; times++) knock(active);
    expect(active.found()).toEqual([]);
    active.named('retransmit 2 of request with message ID 0');
    expect(active.found()).toMatchObject([{ code: 'peer-silent' }, caller]);
    const idle = patient({ negotiation: 'on-traffic' });
    for (let times = 0; times < 3; times++) knock(idle);
    expect(idle.found()).toEqual([]);
  });

  it('somebody at the address of another tunnel who has the identity of this one’s peer', () => {
    const second = sampleConnection('vpnx-00000002', 1);
    const { from, found } = patient({}, [second]);
    from(
      ...([
        second.remoteAddress,
        `looking for peer configs matching 203.0.113.1[203.0.113.1]...${second.remoteAddress}[${peer}]`,
      ] as const),
      'no matching peer config found',
    );
    expect(found()).toEqual([{ code: 'caller-from-other-address', ours: peer, theirs: second.remoteAddress }]);
    expect(found(second.id)).toEqual([{ code: 'remote-identity-differs', ours: second.remoteId, theirs: peer }]);
  });

  it('nobody is told of strangers while something better is known, or the tunnel is up', () => {
    const { from, named, found, seen, plan } = patient();
    const refused = 'no IKE config found for 203.0.113.1...198.51.100.77, sending NO_PROPOSAL_CHOSEN';
    from('198.51.100.77', ikeSaInit, refused);
    from('198.51.100.77', ikeSaInit, refused);
    named('received AUTHENTICATION_FAILED notify error');
    expect(found()).toMatchObject([{ code: 'authentication-refused' }]);
    seen(ofPlan(plan));
    expect(found()).toEqual([]);
  });
});

it('knows whose packet a thread works on: of all that share the address', () => {
  const twin = sampleConnection('vpnx-00000002');
  const { diagnosis, from } = patient({}, [twin]);
  expect(diagnosis.tunnelsOf(5)).toEqual([]);
  from(peer);
  expect(diagnosis.tunnelsOf(5)).toEqual([id, twin.id]);
  expect(diagnosis.tunnelsOf(6)).toEqual([]);
  from('192.0.2.66');
  expect(diagnosis.tunnelsOf(5)).toEqual([]);
});

describe('packets that this host cannot send', () => {
  const twin = { ...sampleConnection('vpnx-00000002'), remoteAddress: '198.51.100.3' } as ConnectionPlan;
  const sent = `sending packet: from 203.0.113.1[500] to ${peer}[500] (464 bytes)`;
  const failed = 'error writing to socket: Network is unreachable';

  it('are those of the tunnel that charon was to send last for: the thread that sends has no name for them', () => {
    const { diagnosis, named, found } = patient({}, [twin]);
    named('initiating IKE_SA x[7] to 198.51.100.2', sent);
    expect(diagnosis.noteLine({ thread: 9, ikeSaName: undefined, text: failed })).toBe(true);
    expect(found()).toEqual([{ code: 'packets-not-sent', ours: 'Network is unreachable', theirs: null }]);
    expect(found(twin.id)).toEqual([]);
    expect(diagnosis.reasonOf(id)).toBe('Packets not sent: Network is unreachable here.');
  });

  it('are nobody’s where nobody sent, or what was sent had no name', () => {
    const { diagnosis, named, from, found } = patient({}, [twin]);
    const fail = () => diagnosis.noteLine({ thread: 9, ikeSaName: undefined, text: failed });
    expect(fail()).toBe(false);
    named(sent);
    from('192.0.2.66', 'sending packet: from 203.0.113.1[500] to 192.0.2.66[500] (36 bytes)');
    expect(fail()).toBe(false);
    named(sent);
    expect(fail()).toBe(true);
    // One packet is not sent once.
    expect(fail()).toBe(false);
    expect(found(twin.id)).toEqual([]);
  });
});
