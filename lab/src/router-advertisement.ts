import type { Namespace } from '@landbridge/testbed/namespace';

/** ICMPv6 type 134 with a prefix for autoconfiguration (RFC 4861 sections 4.2 and 4.6.2); the kernel adds the checksum. */
const program = `
use Socket qw(:all);
my ($index) = @ARGV;
socket(my $s, AF_INET6, SOCK_RAW, 58) or die "socket: $!";
setsockopt($s, 41, 18, pack("i", 255)) or die "hops: $!";
setsockopt($s, 41, 17, pack("i", $index)) or die "interface: $!";
my $prefix = inet_pton(AF_INET6, "2001:db8:bad::");
my $advertisement = pack("CCnCCnNN", 134, 0, 0, 64, 0, 1800, 0, 0) . pack("CCCCNNN", 3, 4, 64, 0xc0, 7200, 3600, 0) . $prefix;
send($s, $advertisement, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, "ff02::1"), $index)) or die "send: $!";
`;

/** A host that says to everybody on its network that it is their router. */
export async function advertiseRouter(namespace: Namespace, device: string): Promise<void> {
  await namespace.sysctl({
    [`net.ipv6.conf.${device}.accept_dad`]: '0',
    [`net.ipv6.conf.${device}.disable_ipv6`]: '0',
  });
  const [link] = await namespace.ipJson('link', 'show', 'dev', device);
  await namespace.runChecked(['perl', '-e', program, String(link?.['ifindex'])]);
}
