/** What a first tunnel needs to know, as texts. */
export interface Answers {
  readonly uplink: string;
  readonly gatewayAddresses: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly interface: string;
  readonly peer: string;
  readonly peerAddress: string;
  readonly peerRanges: string;
  readonly mode: string;
  readonly key: string;
}

export interface Question {
  readonly name: keyof Answers;
  readonly text: string;
  /** What an empty answer means. */
  readonly proposal: string;
  readonly pattern: RegExp;
}

const address = '\\d{1,3}(\\.\\d{1,3}){3}';
const oneRange = `${address}/\\d{1,2}`;
const range = new RegExp(`^${oneRange}$`);
const ranges = new RegExp(`^${oneRange}( *, *${oneRange})*$`);
const device = /^[^/\s]{1,15}$/;

/** The ten, in the order in which they are asked. */
export const questions: readonly Question[] = [
  { name: 'uplink', text: 'Which interface of this host leads to the internet?', proposal: 'eth0', pattern: device },
  {
    ...{ name: 'gatewayAddresses', text: 'Which public addresses may gateways have?', proposal: '203.0.113.16/29' },
    pattern: ranges,
  },
  { name: 'vpc', text: 'Which range has your VPC?', proposal: '10.0.0.0/16', pattern: range },
  { name: 'subnet', text: 'And its subnet, where your machines are?', proposal: '10.0.1.0/24', pattern: range },
  { name: 'interface', text: 'Which interface of this host leads to them?', proposal: 'eth1', pattern: device },
  { name: 'peer', text: 'What do you call the other side?', proposal: 'idc', pattern: /^[^/\s]{1,50}$/ },
  {
    ...{ name: 'peerAddress', text: 'Which public address has its device?', proposal: '198.51.100.7' },
    pattern: new RegExp(`^${address}$`),
  },
  { name: 'peerRanges', text: 'Which ranges are behind it?', proposal: '192.168.1.0/24', pattern: ranges },
  {
    ...{ name: 'mode', text: 'Do routes or SPD policies decide what passes (route, spd)?', proposal: 'route' },
    pattern: /^(route|spd)$/,
  },
  {
    ...{ name: 'key', text: 'Where is the pre-shared key (generate:FILE makes one, file:FILE, env:NAME)?' },
    ...{ proposal: 'generate:keys/first-tunnel.psk', pattern: /^(generate|file|env):.+$/ },
  },
];
