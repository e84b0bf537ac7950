import type { Cidr, IpAddress } from '@landbridge/net';
import { anySubnet } from '../plan/names.ts';
import type { FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, drop, filterChain, is, isIn, isNot, when } from './filter-words.ts';

/**
 * The kernel has one table of neighbours for all namespaces, and every packet to an address that nobody has takes a place in
 * it for seconds. Here is how many places one namespace may take at a time, whoever sends at whatever rate (docs/adr/0020). It
 * says how many, not who may reach whom, and is a table apart from the packet filter: who was heard is not forgotten when that changes.
 */
const bounds = {
  /** Addresses of a VPC that packets were seen from lately. */
  hosts: 4096,
  /** Addresses that packets were sent to, and none was seen from. */
  unheard: 128,
} as const;

/** Longer than the kernel asks for an address: three times, a second apart. */
const unheardSeconds = 4;
/** As long as a host may be silent and still count as known. */
const heardSeconds = 10 * 60;

const arrived = ['iifname', 'ip saddr'] as const;
const leaving = ['oifname', 'ip daddr'] as const;
const refuse: FilterRule = {
  ...when(is('ip version', '4')).do({ countHere: true }, drop),
  comment: 'too many addresses that nobody has',
};

/**
 * Hosts of subnets that have been heard of are reached whatever happens; of the others, `unheard` at a time. Heard is what the check
 * of sources let in, hence after it. The table is the same for every VPC.
 */
export const boundHosts: TablePlan = {
  counters: [],
  sets: [
    { name: 'heard', fields: arrived, size: bounds.hosts, timeoutSeconds: heardSeconds },
    { name: 'unheard', fields: leaving, size: bounds.unheard, timeoutSeconds: unheardSeconds },
  ],
  chains: [
    {
      name: 'hear',
      base: { type: 'filter', hook: 'prerouting', priority: 'filter + 1', policy: 'accept' },
      rules: [
        when(isNot('iifname', anySubnet)).do(accept),
        when({ fields: arrived, not: true, inSet: 'heard' }).do({ forget: 'unheard', fields: arrived }),
        always({ remember: 'heard', fields: arrived }),
      ],
    },
    filterChain('ask', 'postrouting', 'accept', [
      when(isNot('oifname', anySubnet)).do(accept),
      when({ fields: leaving, inSet: 'heard' }).do(accept),
      always({ remember: 'unheard', fields: leaving }, accept),
      refuse,
    ]),
  ],
};

/**
 * On a link that is not ours: the stations that are meant to be there are answered whatever happens, of the others (anybody
 * there can write any sender) `unheard` at a time.
 */
export function boundStations(device: string, segment: Cidr, known: readonly IpAddress[]): TablePlan {
  const address = ['ip daddr'] as const;
  return {
    counters: [],
    sets: [{ name: 'stations', fields: address, size: bounds.unheard, timeoutSeconds: unheardSeconds }],
    chains: [
      filterChain('ask', 'postrouting', 'accept', [
        when(isNot('oifname', device)).do(accept),
        when(isNot('ip daddr', segment)).do(accept),
        when(isIn('ip daddr', known)).do(accept),
        always({ remember: 'stations', fields: address }, accept),
        refuse,
      ]),
    ],
  };
}
