import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../domain/operator/quotas.ts';
import { loadInstallation, loadSettings, type SettingsSources } from './load-settings.ts';
import { SettingsError } from './settings.ts';

let root: string;
let configFile: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-config-'));
  configFile = join(root, 'landbridge.json');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function load(content: unknown, flags: SettingsSources['flags'] = {}) {
  writeFileSync(configFile, typeof content === 'string' ? content : JSON.stringify(content));
  return loadSettings({ configFile, flags });
}

describe('loadSettings', () => {
  it('has a default for everything', () => {
    expect(loadSettings({})).toEqual({
      uplinkSource: 'no configuration file',
      user: 'landbridge',
      console: true,
      plainHttpBeyondLoopback: false,
      captures: { keys: false },
      capacity: { memoryKeptMebibytes: 256 },
      hostInterfaces: null,
      uplink: null,
      listen: { host: '127.0.0.1', port: 9700 },
      history: { mostMebibytes: 512 },
      holdDown: { checkedMs: 10_000, uncheckedMs: 3000 },
      recorder: { subjectBytes: 1_048_576, hostBytes: 268_435_456 },
      dataDir: '/var/lib/landbridge',
      dataPlane: 'auto',
      espInUdp: 'auto',
      defaults: 'modern',
      logLevel: 'info',
      logLevels: {},
      logForm: 'auto',
      quotas: defaultQuotas,
      tls: null,
      metrics: null,
      webhooks: { allowedNetworks: [] },
      regions: null,
      mostJsonBytes: 1_048_576,
      rateLimits: {
        default: 20,
        actions: { CreateVpnConnection: 100, ModifyVpnConnectionAttribute: 100, DescribeVpnConnections: 100 },
      },
    });
  });

  it('lets flags win over the file, and the file over the defaults', () => {
    const file = { listen: '[::1]:80', dataPlane: 'kernel', logLevel: 'warn', quotas: { vpcs: 3 } };
    const settings = load(file, { listen: '127.0.0.2:1', logLevel: undefined });
    expect(settings).toMatchObject({
      listen: { host: '127.0.0.2', port: 1 },
      dataPlane: 'kernel',
      logLevel: 'warn',
      quotas: { ...defaultQuotas, vpcs: 3, vpcsPerAccount: 3 },
    });
    expect(load(file).listen).toEqual({ host: '::1', port: 80 });
    const recorder = { subjectBytes: 65_536 };
    expect(load({ recorder }).recorder).toEqual({ ...recorder, hostBytes: 268_435_456 });
  });

  it('speaks plain HTTP beyond loopback only when told to', () => {
    const refusal = /listen: .* is not loopback.*"plainHttpBeyondLoopback": true/;
    expect(() => loadSettings({ flags: { listen: '0.0.0.0:1' } })).toThrow(/^command line: listen: /);
    for (const listen of ['localhost:1', '127.9.9.9:1', '[::1]:1']) {
      expect(loadSettings({ flags: { listen } }).listen.port).toBe(1);
    }
    for (const listen of ['0.0.0.0:1', '[::]:1', 'vpn.example.com:1', '127.example.com:1']) {
      expect(() => loadSettings({ flags: { listen } })).toThrow(refusal);
    }
    expect(() => load({ listen: '198.51.100.1:1' })).toThrow(refusal);
    expect(load({ listen: '198.51.100.1:1', plainHttpBeyondLoopback: true }).listen.port).toBe(1);
  });

  it('reads a TLS listener, regions and the size of bodies', () => {
    const files = { certificate: '/c.pem', key: '/k.pem' };
    expect(load({ tls: files }).tls).toEqual({ ...files, listen: { host: '0.0.0.0', port: 9743 } });
    expect(load({ tls: { ...files, listen: '[::]:443' } }).tls?.listen).toEqual({ host: '::', port: 443 });
    expect(load({ metrics: { listen: '198.51.100.1:9701' } }).metrics?.listen).toEqual({
      host: '198.51.100.1',
      port: 9701,
    });
    expect(load({ regions: ['b', 'a'], mostJsonBytes: 100_000 })).toMatchObject({
      regions: ['b', 'a'],
      mostJsonBytes: 100_000,
    });
  });

  it('reads what of the log is told otherwise than the rest', () => {
    const log = { logLevel: 'warn', logLevels: { tunnels: 'debug', api: 'silent' }, logForm: 'text' };
    expect(load(log)).toMatchObject(log);
  });

  it('gives an account in all regions what it may have in one, unless told otherwise', () => {
    const { quotas } = load({
      quotas: { vpcs: 30, vpcVpnGateways: 3, ccnVpnGateways: 4, customerGatewaysPerAccount: 5 },
    });
    expect(quotas).toMatchObject({ vpcsPerAccount: 30, vpnGatewaysPerAccount: 7, customerGatewaysPerAccount: 5 });
  });

  it('merges rate limits', () => {
    const { rateLimits } = load({ rateLimits: { default: 5, actions: { DescribeVpcs: 7 } } });
    expect(rateLimits).toMatchObject({ default: 5, actions: { DescribeVpcs: 7, CreateVpnConnection: 100 } });
  });

  it.each([
    [
      { mode: 'routed', interface: 'eth0', addresses: ['203.0.113.16/28', '198.51.100.9'] },
      { mode: 'routed', interface: 'eth0', addresses: ['203.0.113.16/28', '198.51.100.9/32'], pathMtu: 1500 },
    ],
    [
      {
        mode: 'bridged',
        interface: 'eth0',
        addresses: ['203.0.113.9'],
        prefixLength: 24,
        nextHop: '203.0.113.1',
        pathMtu: 1400,
      },
      {
        mode: 'bridged',
        attach: { kind: 'macvlan', interface: 'eth0' },
        addresses: ['203.0.113.9/32'],
        prefixLength: 24,
        nextHop: '203.0.113.1',
        pathMtu: 1400,
      },
    ],
    [
      { mode: 'bridged', bridge: 'br0', addresses: ['203.0.113.9'], prefixLength: 24, nextHop: '203.0.113.1' },
      {
        mode: 'bridged',
        attach: { kind: 'bridge-port', bridge: 'br0' },
        addresses: ['203.0.113.9/32'],
        prefixLength: 24,
        nextHop: '203.0.113.1',
        pathMtu: 1500,
      },
    ],
    [
      { mode: 'nat', interface: 'eth0', address: '198.51.100.7' },
      { mode: 'nat', interface: 'eth0', address: '198.51.100.7', pathMtu: 1500 },
    ],
  ])('reads the uplink %j', (uplink, expected) => {
    expect(load({ uplink }).uplink).toEqual(expected);
  });

  it.each([
    ['{', 'is not JSON'],
    [[], 'must be object'],
    [{ uplnk: {} }, 'uplnk: is not a setting (did you mean uplink?); known are'],
    [{ telemetry: {} }, 'telemetry: is not a setting; known are'],
    [{ quotas: { vpc: 1 } }, 'quotas.vpc: is not a setting (did you mean vpcs?); known are'],
    [{ tls: { cerificate: 'c', key: 'k' } }, 'tls.cerificate: is not a setting (did you mean certificate?)'],
    [{ dataPlane: 'kernl' }, 'dataPlane: must be one of auto, kernel, uxfrm, none (did you mean kernel?)'],
    [{ logLevel: 'warning' }, 'logLevel: must be one of debug, info, warn, error, silent'],
    [{ dataPlane: 'fast' }, 'dataPlane: must be one of auto, kernel, uxfrm, none'],
    [{ defaults: 'old' }, 'defaults: must be one of modern, vendor'],
    [{ logLevel: 7 }, 'logLevel: '],
    [{ logLevels: { tunnels: 'loud' } }, 'logLevels.tunnels: must be one of debug, info, warn, error, silent'],
    [{ logLevels: { tunnel: 'debug' } }, 'logLevels'],
    [{ logForm: 'xml' }, 'logForm: must be one of auto, json, text'],
    [{ tls: { certificate: 'c' } }, 'tls.key: is missing'],
    [{ tls: { certificate: 'c', key: 'k', listen: '1' } }, 'tls.listen: "1" is not host:port'],
    [{ metrics: { listen: '1' } }, 'metrics.listen: "1" is not host:port'],
    [{ metrics: {} }, 'metrics.listen: is missing'],
    [{ webhooks: { allowedNetworks: ['10.0.0.0/8', 'here'] } }, 'webhooks.allowedNetworks[1]: "here" is no range'],
    [{ webhooks: { allow: [] } }, 'webhooks.allow: is not a setting'],
    [{ regions: [] }, 'regions: must NOT have fewer than 1 items'],
    [{ regions: ['a b'] }, 'regions.0: '],
    [{ regions: ['a', 'a'] }, 'regions: must NOT have duplicate items'],
    [{ mostJsonBytes: 1 }, 'mostJsonBytes: must be >= 65536'],
    [{ listen: '9700' }, 'listen: "9700" is not host:port'],
    [{ listen: 'a:99999' }, 'listen: '],
    [{ quotas: { vpcs: -1 } }, 'quotas.vpcs: must be >= 0'],
    [{ quotas: { moons: 1 } }, 'quotas.moons: is not a setting; known are vpcs'],
    [{ rateLimits: { default: 0 } }, 'rateLimits.default: must be >= 1'],
    [{ uplink: {} }, 'uplink.mode: is missing'],
    [{ uplink: { mode: 'wifi' } }, 'uplink.mode: must be one of routed, bridged, nat'],
    [{ uplink: { mode: 'routed', interface: 'eth0' } }, 'uplink.addresses: is missing'],
    [
      { uplink: { mode: 'routed', interface: 'eth0', addresses: [] } },
      'uplink.addresses: must NOT have fewer than 1 items',
    ],
    [
      { uplink: { mode: 'routed', interface: 'eth0', addresses: ['203.0.113.17/28'] } },
      'uplink.addresses.0: "203.0.113.17/28" is not a CIDR block',
    ],
    [{ uplink: { mode: 'routed', interface: 'eth0', addresses: ['fd00::/64'] } }, 'uplink.addresses.0: must be IPv4'],
    [{ uplink: { mode: 'routed', interface: 'a/b', addresses: ['1.2.3.4'] } }, 'uplink.interface: '],
    [
      { uplink: { mode: 'bridged', addresses: ['1.2.3.4'], prefixLength: 24, nextHop: '1.2.3.1' } },
      'uplink: mode bridged needs either "interface" or "bridge"',
    ],
    [{ uplink: { mode: 'nat', interface: 'eth0', address: 'here' } }, 'uplink.address: '],
    [
      { uplink: { mode: 'nat', interface: 'eth0', address: '1.2.3.4', pathMtu: 100 } },
      'uplink.pathMtu: must be >= 576',
    ],
    [
      { uplink: { mode: 'nat', interface: 'eth0', address: '1.2.3.4', bridge: 'x' } },
      'uplink.bridge: is not a setting',
    ],
  ])('refuses %j: %s', (content, message) => {
    const attempt = () => load(content);
    expect(attempt).toThrow(SettingsError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(configFile);
  });

  it('names the command line as the source of a flag', () => {
    expect(() => loadSettings({ flags: { listen: 'x' } })).toThrow(/^command line: listen: /);
    expect(() => loadSettings({ flags: { dataPlane: 'x' as 'none' } })).toThrow(
      /^command line: dataPlane: must be one of/,
    );
  });

  it('names a file that is not there', () => {
    expect(() => loadSettings({ configFile: '/nowhere.json' })).toThrow(/\/nowhere\.json: ENOENT/);
  });
});

describe('loadInstallation', () => {
  const loaded = (content: object, flags: SettingsSources['flags'] = {}) => {
    writeFileSync(configFile, JSON.stringify(content));
    return loadInstallation({ configFile, flags });
  };

  it('is what loadSettings says of it', () => {
    const { dataDir, user } = loadSettings({});
    expect(loadInstallation({})).toEqual({ dataDir, user });
    expect(loaded({ dataDir: '/data', user: 'somebody' })).toEqual({ dataDir: '/data', user: 'somebody' });
    expect(loaded({ dataDir: '/data' }, { dataDir: '/other' })).toEqual({ dataDir: '/other', user });
  });

  it('minds no mistake anywhere else', () => {
    expect(loaded({ dataDir: '/data', uplnk: {}, listen: 'nowhere', uplink: 7 })).toMatchObject({ dataDir: '/data' });
  });

  it('takes nothing for a default that may be meant otherwise', () => {
    expect(() => loaded({ datadir: '/data' })).toThrow('datadir: is not a setting (did you mean dataDir?)');
    expect(() => loaded({ usr: 'somebody' })).toThrow('usr: is not a setting (did you mean user?)');
    expect(() => loaded({ dataDirectory: '/data' })).toThrow('dataDirectory: is not a setting');
    expect(() => loaded({ dataDir: 7 })).toThrow('dataDir: must be string');
    expect(() => loaded([])).toThrow(configFile);
  });
});
