import { expect, it } from 'vitest';
import { Refusal } from '../domain/refusal.ts';
import { WebhookTargets } from './webhook-targets.ts';

const targets = new WebhookTargets({
  allowedNetworks: ['10.20.0.0/16', 'fd00:20::/64'],
  gatewayAddresses: ['203.0.114.0/28'],
  readHostAddresses: () => ['203.0.115.7', '2600:1::7', '10.20.0.9'],
});

it.each([
  ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ...['224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '::1', '::', 'fe80::1', 'fc00::1', 'ff02::1'],
  // IPv4 in the clothes of IPv6.
  ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', '::ffff:7f00:1'],
  // A gateway's, and the host's own.
  ...['203.0.114.3', '203.0.115.7', '2600:1::7', '2600:1:0:0:0:0:0:7'],
  ...['', 'example.com', '1.2.3', 'fe80::1%eth0'],
])('%s is not told', (address) => {
  expect(targets.allows(address)).toBe(false);
});

it.each(['8.8.8.8', '203.0.114.16', '2600:1::8', '10.20.3.4', '10.20.0.9', 'fd00:20::5', '::ffff:8.8.8.8'])(
  '%s is told: it is on the internet, or allowed',
  (address) => {
    expect(targets.allows(address)).toBe(true);
  },
);

const refusalOf = (url: string) => {
  try {
    targets.check(url);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
};

it.each<[string, string | null]>([
  ['https://alerts.example.com/vpn', null],
  ['https://8.8.8.8/', null],
  ['http://10.20.0.1:8080/hook', null],
  ['http://[fd00:20::1]/hook', null],
  ['http://alerts.example.com/vpn', 'webhook-url-unusable'],
  ['http://8.8.8.8/', 'webhook-url-unusable'],
  ['ftp://10.20.0.1/', 'webhook-url-unusable'],
  ['file:///etc/shadow', 'webhook-url-unusable'],
  ['https://user:word@example.com/', 'webhook-url-unusable'],
  ['not a url', 'webhook-url-unusable'],
  ['https://127.0.0.1/', 'webhook-address-refused'],
  ['https://2130706433/', 'webhook-address-refused'],
  ['https://0x7f.1/', 'webhook-address-refused'],
  ['https://[::ffff:127.0.0.1]/', 'webhook-address-refused'],
  ['https://169.254.169.254/latest/meta-data', 'webhook-address-refused'],
])('%s: %s', (url, reason) => {
  expect(refusalOf(url)).toBe(reason);
});
