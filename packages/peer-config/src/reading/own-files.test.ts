import { describe, expect, test } from 'vitest';
import { configurationText } from '../configuration-text.ts';
import type { Dialect as WrittenDialect } from '../dialect.ts';
import { ciscoIosXe } from '../dialects/cisco-ios.ts';
import { fortinetFortiGate } from '../dialects/fortinet-fortigate.ts';
import { libreswan } from '../dialects/libreswan.ts';
import { mikrotikRouterOs } from '../dialects/mikrotik-routeros.ts';
import { strongswanIpsecConf } from '../dialects/strongswan-ipsec-conf.ts';
import { strongswanSwanctl } from '../dialects/strongswan-swanctl.ts';
import { vyos } from '../dialects/vyos.ts';
import { peerConfiguration } from '../peer-configuration.ts';
import { PeerConfigurationRefusal } from '../refusal.ts';
import { sampleModels } from '../sample-models.ts';
import type { Dialect } from './found-tunnel.ts';
import { readPeerFile } from './read-peer-file.ts';
import { recognizeDialect } from './recognize-dialect.ts';

const both: readonly (readonly [Dialect, WrittenDialect])[] = [
  ['swanctl', strongswanSwanctl],
  ['strongswan-ipsec-conf', strongswanIpsecConf],
  ['libreswan', libreswan],
  ['vyos', vyos],
  ['cisco-ios', ciscoIosXe],
  ['fortigate', fortinetFortiGate],
  ['routeros', mikrotikRouterOs],
];

describe.each(both)('what is written for %s is read as a whole, scripts included', (read, written) => {
  test.each(Object.entries(sampleModels))('%s', (_name, model) => {
    let text: string;
    try {
      text = configurationText(written, peerConfiguration(written, model));
    } catch (error) {
      if (error instanceof PeerConfigurationRefusal) return;
      throw error;
    }
    expect(recognizeDialect(text)).toBe(read);
    const { tunnels } = readPeerFile(text, read, model.device.publicAddress);
    expect(tunnels).toHaveLength(model.tunnels.length);
  });
});
