/**
 * The client against the distribution's charon (Debian 12: strongSwan 5.9.8). Needs root, /usr/lib/ipsec/charon and
 * /dev/net/tun; skipped only when not root. Two charons in namespaces of their own talk to each other over a veth.
 */
import { poll } from '@landbridge/testbed/poll';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Charon } from './charon.ts';
import { ViciConnection } from './connection.ts';
import { ViciClosedError, ViciCommandError, ViciUnknownCommandError, ViciUnknownEventError } from './errors.ts';
import type { IkeConnection } from './ike-connection.ts';
import type { IkeSa } from './ike-sa.ts';
import { viciMessage } from './message.ts';
import { RealCharon } from '../testing/real-charon.ts';

const needsRoot = describe.skipIf(process.getuid?.() !== 0);
const soon = { within: 10_000, every: 10 };

/** Every field of IkeConnection and ChildConfig. */
function everyField(local: string, remote: string): IkeConnection {
  return {
    version: 2,
    localAddrs: [local],
    remoteAddrs: [remote],
    localPort: 500,
    remotePort: 500,
    local: { auth: 'psk', id: local },
    remote: { auth: 'psk', id: remote },
    proposals: ['aes128-sha256-modp2048', 'aes256gcm16-prfsha384-ecp384'],
    aggressive: false,
    encap: true,
    mobike: false,
    fragmentation: 'yes',
    dpdDelaySeconds: 10,
    dpdTimeoutSeconds: 30,
    keyingTries: 1,
    rekeyTimeSeconds: 3600,
    reauthTimeSeconds: 86_400,
    overTimeSeconds: 360,
    randTimeSeconds: 0,
    unique: 'replace',
    children: {
      net: {
        mode: 'tunnel',
        localTs: ['10.1.0.0/24'],
        remoteTs: ['10.2.0.0/24', '10.3.0.0/24[tcp/80]'],
        espProposals: ['aes128-sha256-modp2048'],
        startAction: 'none',
        closeAction: 'trap',
        dpdAction: 'start',
        rekeyTimeSeconds: 1800,
        lifeTimeSeconds: 2000,
        randTimeSeconds: 0,
        rekeyBytes: 999_999_999_999_998,
        lifeBytes: 999_999_999_999_999,
        rekeyPackets: 1_000_000,
        lifePackets: 2_000_000,
        ifIdIn: 0xdead,
        ifIdOut: 5,
        replayWindow: 128,
        updown: '/bin/true',
        policies: true,
        copyDf: false,
        hwOffload: 'no',
      },
      'net-2': { localTs: ['dynamic'], remoteTs: ['0.0.0.0/0'], closeAction: 'trap|start' },
    },
  };
}

needsRoot('one charon', () => {
  let real: RealCharon;
  let charon: Charon;

  beforeAll(async () => {
    real = await RealCharon.start();
    await real.run('ip', 'address', 'add', '192.0.2.1/32', 'dev', 'lo');
    // Packets to the peer vanish: the handshake hangs instead of failing.
    await real.run('ip', 'route', 'add', 'blackhole', '203.0.113.0/24');
    await real.run('ip', 'route', 'add', '198.51.100.0/24', 'dev', 'lo');
    charon = await real.connect();
  }, 20_000);
  afterAll(async () => {
    charon.close();
    await real[Symbol.asyncDispose]();
  });

  test('version', async () => {
    expect(await charon.version()).toMatchObject({ daemon: 'charon', sysname: 'Linux' });
    expect((await charon.version()).version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('a connection with every field is taken and read back', async () => {
    await charon.loadConn('every-field', everyField('192.0.2.1', '198.51.100.1'));
    expect(await charon.listConns({ ike: 'every-field' })).toEqual([
      {
        name: 'every-field',
        localAddrs: ['192.0.2.1'],
        remoteAddrs: ['198.51.100.1'],
        version: 'IKEv2',
        reauthTimeSeconds: 86_400,
        rekeyTimeSeconds: 3600,
        unique: 'UNIQUE_REPLACE',
        dpdDelaySeconds: 10,
        dpdTimeoutSeconds: 30,
        local: [{ authClass: 'pre-shared key', id: '192.0.2.1' }],
        remote: [{ authClass: 'pre-shared key', id: '198.51.100.1' }],
        children: [
          {
            name: 'net',
            mode: 'TUNNEL',
            rekeyTimeSeconds: 1800,
            rekeyBytes: 999_999_999_999_998,
            rekeyPackets: 1_000_000,
            dpdAction: 'start',
            closeAction: 'trap',
            localTs: ['10.1.0.0/24'],
            remoteTs: ['10.2.0.0/24', '10.3.0.0/24[tcp/http]'],
          },
          expect.objectContaining({ name: 'net-2', closeAction: 'trap|start', localTs: ['dynamic'] }),
        ],
      },
    ]);
    expect(await charon.getConns()).toContain('every-field');
  });

  test('loading again is harmless, unloading once is enough', async () => {
    const connection = everyField('192.0.2.1', '198.51.100.2');
    await charon.loadConn('again', connection);
    await charon.loadConn('again', connection);
    expect((await charon.getConns()).filter((name) => name === 'again')).toHaveLength(1);
    await charon.unloadConn('again');
    expect(await charon.getConns()).not.toContain('again');
    await expect(charon.unloadConn('again')).rejects.toThrow(ViciCommandError);
  });

  test('5.9.8 keeps the old dpd_timeout when nothing else of the IKE part changes', async () => {
    const connection = everyField('192.0.2.1', '198.51.100.3');
    await charon.loadConn('dpd', connection);
    await charon.loadConn('dpd', { ...connection, dpdTimeoutSeconds: 99 });
    const timeout = async () => (await charon.listConns({ ike: 'dpd' }))[0]?.dpdTimeoutSeconds;
    expect(await timeout()).toBe(30);
    await charon.loadConn('dpd', { ...connection, dpdTimeoutSeconds: 99, dpdDelaySeconds: 11 });
    expect(await timeout()).toBe(99);
    await charon.unloadConn('dpd');
  });

  test('an invalid value is refused by name, and the connection is not loaded', async () => {
    const connection = { ...everyField('192.0.2.1', '198.51.100.4'), proposals: ['rot13-crc32'] };
    const refused = await charon.loadConn('bad', connection).catch((error: unknown) => error as ViciCommandError);
    expect(refused).toBeInstanceOf(ViciCommandError);
    expect((refused as ViciCommandError).reason).toContain('proposals');
    expect(await charon.getConns()).not.toContain('bad');
  });

  test('a hundred connections, listed by a stream', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    const connection = everyField('192.0.2.1', '198.51.100.5');
    await Promise.all(names.map((name) => charon.loadConn(name, connection)));
    const listed = (await charon.listConns()).map(({ name }) => name);
    expect(new Set(listed)).toEqual(new Set(await charon.getConns()));
    expect(listed).toEqual(expect.arrayContaining(names));
    await Promise.all(names.map((name) => charon.unloadConn(name)));
  });

  test('shared keys are loaded, replaced, listed and unloaded, and shown nowhere', async () => {
    const secret = 'correct horse "battery" staple\n0x41';
    const key = { id: 'key-1', type: 'IKE', data: secret, owners: ['192.0.2.1', 'peer@example.org'] } as const;
    await charon.loadShared(key);
    await charon.loadShared({ ...key, data: Buffer.from([0, 1, 0xff]), owners: [] });
    await charon.loadShared({ ...key, id: 'key-2' });
    expect((await charon.getShared()).sort()).toEqual(['key-1', 'key-2']);
    const error = await charon.loadShared({ ...key, data: '' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ViciCommandError);
    await charon.unloadShared('key-1');
    await charon.unloadShared('key-2');
    await charon.unloadShared('key-2');
    expect(await charon.getShared()).toEqual([]);
    for (const text of [inspect(charon, { depth: Infinity, showHidden: true }), inspect(error), await real.readLog()]) {
      expect(text).not.toContain('battery');
    }
  });

  test('no SAs, and nothing to act on', async () => {
    expect(await charon.listSas()).toEqual([]);
    expect(await charon.listSas({ ike: 'every-field' })).toEqual([]);
    await expect(charon.terminate({ ike: 'every-field' })).rejects.toThrow('no matching SAs');
    await expect(charon.rekey({ child: 'net' })).rejects.toThrow('no matching SAs');
    await expect(charon.initiate({ child: 'nothing' })).rejects.toThrow('not found');
  });

  test('initiating to nowhere times out, and other commands go on meanwhile', async () => {
    await charon.loadConn('nowhere', everyField('192.0.2.1', '198.51.100.9'));
    const waiting = charon.initiate({ ike: 'nowhere', child: 'net', timeoutMs: 300 });
    const [sa] = await poll(
      'the IKE_SA',
      () => charon.listSas({ ike: 'nowhere' }),
      (sas) => sas[0]?.state === 'CONNECTING',
      soon,
    );
    expect(sa).toMatchObject({
      name: 'nowhere',
      role: 'initiator',
      remoteHost: '198.51.100.9',
      remoteId: '%any',
      responderSpi: '0000000000000000',
      encrAlg: undefined,
      establishedSeconds: undefined,
      childSas: [],
    });
    await expect(waiting).rejects.toThrow('not established after 300ms');
  });

  test('a call that waits for ever is released by its signal', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const waiting = charon.initiate({ ike: 'nowhere', child: 'net', timeoutMs: 0 }, { signal: abort.signal });
    await poll(
      'the IKE_SA',
      () => charon.listSas({ ike: 'nowhere' }),
      (sas) => sas.length > 0,
      soon,
    );
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await charon.terminate({ ike: 'nowhere', force: true, timeoutMs: 2000 })).toBeGreaterThan(0);
    await poll(
      'no IKE_SA',
      () => charon.listSas({ ike: 'nowhere' }),
      (sas) => sas.length === 0,
      soon,
    );
  });

  test('log lines come as events', async () => {
    const events = await charon.events(['log'], { signal: AbortSignal.timeout(5000) });
    await charon.initiate({ ike: 'nowhere', child: 'net' });
    for await (const event of events) {
      if (event.ikeSaName === undefined) continue;
      expect(event).toMatchObject({
        kind: 'log',
        ikeSaName: 'nowhere',
        group: expect.stringMatching(/^[A-Z]{3}$/) as string,
      });
      expect(event.ikeSaUniqueId).toBeGreaterThan(0);
      expect(event.text).not.toBe('');
      break;
    }
    await charon.terminate({ ike: 'nowhere', force: true, timeoutMs: 2000 });
  });

  test('what charon does not know', async () => {
    const connection = await ViciConnection.open(real.socketPath);
    await expect(connection.request('make-coffee')).rejects.toThrow(ViciUnknownCommandError);
    await expect(connection.subscribe('alert', () => undefined)).rejects.toThrow(ViciUnknownEventError);
    const refused = connection.request('load-conn', viciMessage({ x: viciMessage({ make_coffee: 'yes' }) }));
    await expect(refused).rejects.toThrow('make_coffee');
    expect((await connection.request('version')).get('daemon')).toBe('charon');
    connection.close();
    expect(await connection.closed).toBeUndefined();
  });

  test('the answers of abandoned calls reach nobody', async () => {
    const connection = await ViciConnection.open(real.socketPath);
    for (let round = 0; round < 50; round += 1) {
      const abort = new AbortController();
      const abandoned = connection.request('stats', undefined, { signal: abort.signal });
      const next = connection.request('version');
      setImmediate(() => abort.abort(new Error('enough')));
      await abandoned.catch(() => undefined);
      expect((await next).get('daemon')).toBe('charon');
    }
    connection.close();
  });
});

needsRoot('two charons', () => {
  const [addressA, addressB] = ['192.0.2.1', '192.0.2.2'];
  let realA: RealCharon;
  let realB: RealCharon;
  let a: Charon;
  let b: Charon;

  const connection = (local: string, remote: string, localTs: string, remoteTs: string): IkeConnection => {
    const { children, ...rest } = everyField(local, remote);
    const child = {
      ...children['net']!,
      closeAction: 'none',
      dpdAction: 'none',
      localTs: [localTs],
      remoteTs: [remoteTs],
    } as const;
    return { ...rest, children: { net: child } };
  };
  const atA = connection(addressA, addressB, '10.1.0.0/24', '10.2.0.0/24');

  beforeAll(async () => {
    [realA, realB] = await Promise.all([RealCharon.start(), RealCharon.start()]);
    await RealCharon.connectCable(realA, `${addressA}/24`, realB, `${addressB}/24`);
    // kernel-libipsec wants an address inside the local traffic selector for its route.
    await realA.run('ip', 'address', 'add', '10.1.0.1/32', 'dev', 'lo');
    await realB.run('ip', 'address', 'add', '10.2.0.1/32', 'dev', 'lo');
    [a, b] = await Promise.all([realA.connect(), realB.connect()]);
    for (const end of [a, b]) {
      await end.loadShared({ id: 'psk', type: 'IKE', data: 'for both ends', owners: [addressA, addressB] });
    }
    await a.loadConn('a-to-b', atA);
    await b.loadConn('b-to-a', connection(addressB, addressA, '10.2.0.0/24', '10.1.0.0/24'));
  }, 20_000);
  afterAll(async () => {
    a.close();
    b.close();
    await Promise.all([realA[Symbol.asyncDispose](), realB[Symbol.asyncDispose]()]);
  });

  test('the life of an SA in list-sas and events', { timeout: 20_000 }, async () => {
    const events = await a.events(['ike-updown', 'child-updown', 'ike-rekey', 'child-rekey', 'ike-update'], {
      signal: AbortSignal.timeout(15_000),
    });
    const seen = events[Symbol.asyncIterator]();
    const next = async () => {
      const result = await seen.next();
      if (result.done) throw new Error('the events ended');
      return result.value;
    };

    await a.initiate({ ike: 'a-to-b', child: 'net', timeoutMs: 10_000 });
    const [sa, ...others] = await a.listSas();
    expect(others).toEqual([]);
    expect(sa).toMatchObject({
      name: 'a-to-b',
      uniqueId: 1,
      version: 2,
      state: 'ESTABLISHED',
      role: 'initiator',
      localHost: addressA,
      localPort: 4500,
      localId: addressA,
      remoteHost: addressB,
      remotePort: 4500,
      remoteId: addressB,
      isNatLocal: false,
      isNatRemote: true, // encap=yes at the peer feigns a NAT.
      isNatAny: true,
      encrAlg: 'AES_CBC',
      encrKeySizeBits: 128,
      integAlg: 'HMAC_SHA2_256_128',
      prfAlg: 'PRF_HMAC_SHA2_256',
      dhGroup: 'MODP_2048',
      rekeyTimeSeconds: expect.closeTo(3600, -1) as number,
      reauthTimeSeconds: expect.closeTo(86_400, -1) as number,
    });
    expect(sa!.establishedSeconds).toBeLessThan(10);
    const [child] = sa!.childSas;
    expect(child).toMatchObject({
      name: 'net',
      uniqueId: 1,
      state: 'INSTALLED',
      mode: 'TUNNEL',
      localTs: ['10.1.0.0/24'],
      remoteTs: ['10.2.0.0/24'],
    });
    expect(child!.installed).toMatchObject({
      protocol: 'ESP',
      isUdpEncapsulated: true,
      ifIdIn: 0xdead,
      ifIdOut: 5,
      encrAlg: 'AES_CBC',
      encrKeySizeBits: 128,
      integAlg: 'HMAC_SHA2_256_128',
      dhGroup: undefined,
      bytesIn: 0,
      packetsOut: 0,
      useInSeconds: undefined,
      rekeyTimeSeconds: expect.closeTo(1800, -1) as number,
      lifeTimeSeconds: expect.closeTo(2000, -1) as number,
    });

    const [atPeer] = await b.listSas({ ike: 'b-to-a' });
    expect(atPeer).toMatchObject({ role: 'responder', initiatorSpi: sa!.initiatorSpi, responderSpi: sa!.responderSpi });
    const peerChild = atPeer!.childSas[0]!;
    expect(peerChild.installed).toMatchObject({ spiIn: child!.installed!.spiOut, spiOut: child!.installed!.spiIn });

    expect(await next()).toMatchObject({ kind: 'ike-updown', isUp: true, ikeSa: { uniqueId: 1, childSas: [] } });
    expect(await next()).toMatchObject({
      kind: 'child-updown',
      isUp: true,
      childSa: { name: 'net', uniqueId: 1, state: 'INSTALLED' },
    });

    // 5.9 sends it when the old one is done with, 6.0 while both are there.
    const oldState = (await a.version()).version.startsWith('5.') ? 'REKEYED' : 'REKEYING';
    expect(await a.rekey({ ike: 'a-to-b', child: 'net' })).toBe(1);
    expect(await next()).toMatchObject({
      kind: 'child-rekey',
      oldChildSa: { uniqueId: 1, state: oldState },
      newChildSa: { uniqueId: 2, state: 'INSTALLED', installed: { dhGroup: 'MODP_2048' } },
    });
    await poll(
      'the end of the child rekeying',
      async () => (await a.listSas())[0]?.childSas ?? [],
      ([child, ...others]) => child?.state === 'INSTALLED' && others.length === 0,
      soon,
    );
    expect(await a.rekey({ ike: 'a-to-b' })).toBe(1);
    expect(await next()).toMatchObject({
      kind: 'ike-rekey',
      oldIkeSa: { uniqueId: 1, state: 'REKEYING' },
      newIkeSa: { uniqueId: 2, state: 'ESTABLISHED' },
    });

    // Initiating what is up already is refused in the words of a failure.
    await expect(a.initiate({ ike: 'a-to-b', child: 'net', timeoutMs: 10_000 })).rejects.toThrow('failed');

    // A new version of the connection leaves the SAs alone.
    await a.loadConn('a-to-b', { ...atA, dpdDelaySeconds: 20 });
    await poll(
      'one IKE_SA',
      () => a.listSas(),
      (sas) => sas.length === 1,
      soon,
    );
    expect((await a.listSas())[0]).toMatchObject({ uniqueId: 2, state: 'ESTABLISHED' });

    expect(await a.terminate({ ikeId: 2, timeoutMs: 5000 })).toBe(1);
    expect(await next()).toMatchObject({ kind: 'ike-updown', isUp: false, ikeSa: { state: 'DELETING' } });
    // 6.0 may tell of the IKE_SA's end a second time before that of its CHILD_SA.
    let end = await next();
    while (end.kind === 'ike-updown') end = await next();
    expect(end).toMatchObject({ kind: 'child-updown', isUp: false, childSa: { uniqueId: 2 } });
    expect(await a.listSas()).toEqual([]);
    await events.close();
  });

  test('start action `start`: loading brings SAs up, a change or unloading brings them down', async () => {
    const net = { ...atA.children['net']!, startAction: 'start' } as const;
    const established = async (not: number) => {
      const isUp = ([sa, ...others]: readonly IkeSa[]) =>
        sa?.state === 'ESTABLISHED' &&
        sa.childSas[0]?.state === 'INSTALLED' &&
        others.length === 0 &&
        sa.uniqueId !== not;
      const [sa] = await poll('the IKE_SA', () => a.listSas({ ike: 'a-to-b' }), isUp, soon);
      return sa!.uniqueId;
    };
    await a.loadConn('a-to-b', { ...atA, children: { net } });
    const first = await established(0);
    await a.loadConn('a-to-b', { ...atA, children: { net } });
    expect(await established(0)).toBe(first);
    await a.loadConn('a-to-b', { ...atA, dpdDelaySeconds: 21, children: { net } });
    expect(await established(first)).toBeGreaterThan(first);
    await a.unloadConn('a-to-b');
    await poll(
      'no IKE_SA',
      () => a.listSas(),
      (sas) => sas.length === 0,
      soon,
    );
    await a.loadConn('a-to-b', atA);
  });

  test('a wrong key is a refused initiation, not a hanging one', { timeout: 15_000 }, async () => {
    await b.loadShared({ id: 'psk', type: 'IKE', data: 'another', owners: [addressA, addressB] });
    await expect(a.initiate({ ike: 'a-to-b', child: 'net', timeoutMs: 10_000 })).rejects.toThrow('failed');
    expect(await a.listSas()).toEqual([]);
    await b.loadShared({ id: 'psk', type: 'IKE', data: 'for both ends', owners: [addressA, addressB] });
  });
});

needsRoot('the death of charon', () => {
  test('is seen by all calls within 100 ms', { timeout: 20_000 }, async () => {
    const real = await RealCharon.start();
    try {
      await real.run('ip', 'address', 'add', '192.0.2.1/32', 'dev', 'lo');
      await real.run('ip', 'route', 'add', '198.51.100.0/24', 'dev', 'lo');
      const charon = await real.connect();
      await charon.loadConn('nowhere', everyField('192.0.2.1', '198.51.100.9'));
      const waiting = charon.initiate({ ike: 'nowhere', child: 'net', timeoutMs: 0 }).catch((error: unknown) => error);
      const events = await charon.events(['ike-updown']);
      const reading = events[Symbol.asyncIterator]()
        .next()
        .catch((error: unknown) => error);
      await poll(
        'the IKE_SA',
        () => charon.listSas(),
        (sas) => sas.length > 0,
        soon,
      );
      const start = performance.now();
      const death = real.kill('SIGKILL');
      expect(await charon.closed).toBeInstanceOf(Error);
      expect(await waiting).toBeInstanceOf(ViciClosedError);
      expect(await reading).toBeInstanceOf(ViciClosedError);
      expect(performance.now() - start).toBeLessThan(100);
      await expect(charon.version()).rejects.toThrow(ViciClosedError);
      await expect(charon.listSas()).rejects.toThrow(ViciClosedError);
      await death;
    } finally {
      await real[Symbol.asyncDispose]();
    }
  });
});
