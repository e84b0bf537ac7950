/** What the rows alone tell, without a packet. */
export const planFindings = [
  // Who begins; by what is seen of the tunnel as well
  'both-ends-passive',
  'waits-for-traffic',
  // Nothing finds its way into the tunnel
  'no-gateway-route',
  'no-vpc-route',
  'no-ccn-route',
  'gateway-not-attached',
  'destination-in-own-vpc',
  'no-mapping-reached',
  // Something does not
  'range-without-vpc-route',
  'range-without-ccn-route',
  'range-waits-on-ccn',
  'mapping-unreached',
  'route-never-serves',
  'route-outside-mappings',
  'policies-ignored',
  // Weak options
  'weak-ike-encryption',
  'weak-ike-integrity',
  'weak-ike-dh-group',
  'aggressive-mode',
  'weak-esp-encryption',
  'weak-esp-integrity',
  'sha1-esp-integrity',
  'weak-pfs-group',
  // Lifetimes that end before a rekeying can
  'ike-lifetime-short',
  'esp-lifetime-short',
  'esp-traffic-lifetime-short',
] as const;
