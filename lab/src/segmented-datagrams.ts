import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { patience } from '@landbridge/testbed/poll';
import type { Host } from './host.ts';

const port = 5001;
const soonest = 20 * patience;

/** Reads a message in hexadecimal and sends it at once; the kernel cuts it (UDP_SEGMENT, udp(7)) where a device cannot. */
const sender = `
use Socket;
my ($address, $port, $size) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
setsockopt($s, 17, 103, pack("i", $size)) or die "UDP_SEGMENT: $!";
connect($s, sockaddr_in($port, inet_aton($address))) or die "connect: $!";
my $message = pack("H*", <STDIN>);
send($s, $message, 0) == length($message) or die "send: $!";
`;

/** Writes each datagram in hexadecimal, a line each, until there are as many as asked for, or the time is over. */
const receiver = `
use Socket;
my ($port, $count, $seconds) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 17) or die "socket: $!";
bind($s, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
$| = 1;
$SIG{ALRM} = sub { exit };
alarm $seconds;
print "ready\\n";
for (1 .. $count) { recv($s, my $datagram, 65535, 0); print unpack("H*", $datagram), "\\n" }
`;

/** Sends a message as datagrams of `segmentBytes` by one call, and returns what arrives, in order. */
export async function sendSegmented(from: Host, to: Host, message: Buffer, segmentBytes: number): Promise<Buffer[]> {
  const count = Math.ceil(message.length / segmentBytes);
  const [file = '', ...argv] = to.namespace.enter(['perl', '-e', receiver, ...[port, count, soonest].map(String)]);
  const listening = spawn(file, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: listening.stdout })[Symbol.asyncIterator]();
  try {
    await lines.next();
    const parameters = [to.address, String(port), String(segmentBytes)];
    await from.namespace.runChecked(['perl', '-e', sender, ...parameters], { input: message.toString('hex') });
    const arrived: Buffer[] = [];
    for (let next = await lines.next(); next.done !== true; next = await lines.next())
      arrived.push(Buffer.from(next.value, 'hex'));
    return arrived;
  } finally {
    if (listening.kill()) await once(listening, 'exit');
  }
}

/** What `sendSegmented` has to bring. */
export function segmentsOf(message: Buffer, segmentBytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(message.length / segmentBytes) }, (_, at) =>
    message.subarray(at * segmentBytes, (at + 1) * segmentBytes),
  );
}
