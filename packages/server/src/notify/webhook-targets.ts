import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { refuse } from '../domain/refusal.ts';

export interface WebhookTargetsOptions {
  /** Ranges that are no part of the internet and may be told all the same. */
  readonly allowedNetworks: readonly string[];
  /** Ranges that gateways have their public addresses of. */
  readonly gatewayAddresses: readonly string[];
  /** The host's own addresses; those of its interfaces when absent. */
  readonly readHostAddresses?: () => readonly string[];
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * Where webhooks may lead: to the internet, and to networks that the operator allows; neither to the host nor to what only the host
 * reaches. A tenant chooses the URL, and this host would be the one who calls (server-side request forgery).
 */
export class WebhookTargets {
  readonly #allowed: readonly Range[];
  readonly #gateways: readonly Range[];
  readonly #readHostAddresses: () => readonly string[];

  constructor({ allowedNetworks, gatewayAddresses, readHostAddresses = hostAddresses }: WebhookTargetsOptions) {
    this.#allowed = allowedNetworks.map((range) => ipaddr.parseCIDR(range));
    this.#gateways = gatewayAddresses.map((range) => ipaddr.parseCIDR(range));
    this.#readHostAddresses = readHostAddresses;
  }

  /** Of an address that a name resolved to, or that stands in a URL. */
  allows(text: string): boolean {
    if (isIP(text) === 0 || text.includes('%')) return false;
    const address = ipaddr.process(text);
    if (isIn(address, this.#allowed)) return true;
    return (
      address.range() === 'unicast' &&
      !isIn(address, this.#gateways) &&
      !this.#readHostAddresses().some(isSame(address))
    );
  }

  /** Refuses a URL that can never be told. What its name resolves to is asked when it is told, each time. */
  check(text: string): void {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null) unusable('this is no URL', '不是合法的 URL');
    if (url.username !== '' || url.password !== '') unusable('a URL with a password is not taken', 'URL 不能包含密码');
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    const isAddress = isIP(literal) !== 0;
    if (isAddress && !this.allows(literal)) refuse('webhook-address-refused', { address: literal });
    if (url.protocol === 'https:') return;
    if (url.protocol !== 'http:') unusable('https is expected', '应使用 https');
    // In clear only where the operator knows the way there.
    if (!isAddress || !isIn(ipaddr.process(literal), this.#allowed)) {
      unusable(
        'https is expected; http goes only to an address in one of `webhooks.allowedNetworks`',
        '应使用 https；仅 `webhooks.allowedNetworks` 中的地址可使用 http',
      );
    }
  }
}

function unusable(en: string, zh: string): never {
  refuse('webhook-url-unusable', { problem: { en, zh } });
}

function isIn(address: Address, ranges: readonly Range[]): boolean {
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
}

function isSame(address: Address) {
  return (other: string) =>
    ipaddr.isValid(other) && ipaddr.process(other).toNormalizedString() === address.toNormalizedString();
}

function hostAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((ports = []) =>
    ports.map(({ address }) => address.replace(/%.*$/, '')),
  );
}
