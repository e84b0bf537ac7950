import type { GatewayPaths } from './gateway-paths.ts';

/**
 * All algorithms the API offers are OpenSSL's (DES by its legacy provider, checked with list-algs); the plugins beside it
 * serve builds of OpenSSL without one of them.
 */
const plugins = [
  ...['random', 'nonce', 'drbg', 'openssl', 'kdf', 'gmp', 'curve25519'],
  ...['aes', 'sha1', 'sha2', 'md5', 'hmac', 'gcm'],
  ...['vici', 'kernel-netlink', 'socket-default'],
];

/**
 * The configuration of one gateway's charon (strongswan.conf(5)). Connections and keys come over vici; routes are ours,
 * so charon makes none, and no rule either (`routing_table = 0`).
 */
export function renderStrongswanConf(paths: GatewayPaths): string {
  return `charon {
  load_modular = no
  load = ${plugins.join(' ')}
  install_routes = no
  routing_table = 0
  install_virtual_ip = no
  process_route = no
  interfaces_use = wan
  # 2 + 3 + 4.5 + 6.75 seconds: a silent peer is given up after 16 seconds (default: 165).
  retransmit_timeout = 2
  retransmit_base = 1.5
  retransmit_tries = 3
  keep_alive = 20
  # Half-open IKE_SAs. Many peers may be behind one address and all begin at once, so an address may have a hundred (default: 5).
  # From the fourth on IKEv2 peers have to show that the address is theirs, so nobody uses up somebody else's.
  cookie_threshold_ip = 3
  block_threshold = 100
  ikesa_table_size = 256
  ikesa_table_segments = 16
  make_before_break = yes
  # The API offers aggressive mode; a connection that does not ask for it does not accept it.
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  plugins {
    vici {
      socket = unix://${paths.viciSocket}
    }
  }
  filelog {
    # The file was opened for it: charon knows no path to it. What goes to stdout it would keep back until there is much of it.
    stderr {
      time_format = %Y-%m-%dT%H:%M:%S
      time_add_ms = yes
      ike_name = yes
      # Keys are printed from level 4 on.
      default = 1
    }
  }
}
`;
}
