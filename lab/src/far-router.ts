import type { Host } from './host.ts';
import type { IdcSite } from './idc-site.ts';

const ownAddress = '172.31.99.1';
const mtu = 600;

/**
 * The host of an IDC's LAN as a router to one more address of the LAN's range. What it says itself, which is ICMP errors alone,
 * comes from an address that is in no range of the IDC, as those of many routers are.
 */
export class FarRouter implements AsyncDisposable {
  /** Its own. */
  readonly address = ownAddress;
  /** Behind it. Packets of more than 600 bytes do not fit there. */
  readonly destination: string;
  readonly #idc: IdcSite;
  readonly #peer: Host;

  private constructor(idc: IdcSite, peer: Host) {
    this.#idc = idc;
    this.#peer = peer;
    this.destination = idc.host.address.replace(/\d+$/, '77');
  }

  /** @param peer whose packets it forwards, and to whom it says what becomes of them. */
  static async start(idc: IdcSite, peer: Host): Promise<FarRouter> {
    const router = new FarRouter(idc, peer);
    const { namespace } = idc.host;
    await namespace.sysctl({ 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.send_redirects': '0' });
    await namespace.sysctl({ 'net.ipv4.conf.eth0.send_redirects': '0' });
    await namespace.ip(
      `address add ${ownAddress}/32 dev lo`,
      `route add ${peer.address}/32 via ${idc.lanAddress} src ${ownAddress}`,
      `route add ${router.destination}/32 via ${idc.lanAddress} mtu lock ${mtu}`,
    );
    await idc.namespace.ip(`route add ${router.destination}/32 via ${idc.host.address}`);
    return router;
  }

  /** Its errors speak of packets to this range from now on, which nobody sent: returns the address that they name. */
  async misquote(): Promise<string> {
    const other = addressOfSameSum(this.destination, 0xac10);
    await this.#idc.host.namespace.runChecked(['nft', '-f', '-'], { input: misquoting(other) });
    return other;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { namespace } = this.#idc.host;
    await namespace.run(['nft', 'delete', 'table', 'ip', 'misquoting']);
    await this.#idc.namespace.ip(`route delete ${this.destination}/32`);
    await namespace.ip(
      `route delete ${this.destination}/32`,
      `route delete ${this.#peer.address}/32`,
      `address delete ${ownAddress}/32 dev lo`,
    );
    await namespace.sysctl({ 'net.ipv4.ip_forward': '0' });
  }
}

/** Where the quoted packet's destination stands in an ICMP error, in bits: behind eight bytes, in an IPv4 header. */
const quotedDestinationAt = (8 + 16) * 8;

/** An output hook sees what the router says once its checksums are made. */
function misquoting(destination: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = destination.split('.').map(Number);
  const value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return `table ip misquoting {
  chain output {
    type filter hook output priority mangle; policy accept;
    ip saddr ${ownAddress} icmp type { destination-unreachable, time-exceeded } @th,${quotedDestinationAt},32 set ${value}
  }
}
`;
}

/** An address whose checksum is the same, so that those of the headers around it stay right (RFC 1071). */
function addressOfSameSum(address: string, firstWord: number): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const sum = (a << 8) + b + (c << 8) + d;
  const secondWord = (sum - firstWord + 0xffff) % 0xffff;
  return [firstWord >> 8, firstWord & 255, secondWord >> 8, secondWord & 255].join('.');
}
