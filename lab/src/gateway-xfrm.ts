import { gatewayProcess } from './gateway-processes.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { runChecked } from '@landbridge/testbed/run-command';

/** SPIs of the SAs that the kernel holds in a gateway, such as `0xc1a7388a`; sorted. Empty on another data plane. */
export async function gatewaySpis(gatewayId: string): Promise<string[]> {
  const text = await runChecked(['ip', '-n', `lb-${gatewayId}`, 'xfrm', 'state', 'list', 'nokeys']);
  return [...text.matchAll(/proto esp spi (0x[0-9a-f]+)/g)].map(([, spi = '']) => spi).sort();
}

/** Takes every SA and policy out of a gateway's kernel behind its charon's back. */
export async function flushGatewayXfrm(gatewayId: string): Promise<void> {
  await new Namespace(`lb-${gatewayId}`).ip('xfrm state flush', 'xfrm policy flush');
}

/**
 * Takes every SA out of a gateway's data plane, the kernel or uxfrm, behind its charon's back. uxfrm takes who asks for the next
 * charon, and removes what the one before it made after a minute: give it a new one before that.
 */
export async function loseGatewaySas(gatewayId: string): Promise<void> {
  const isUxfrm = (await gatewayProcess(gatewayId, 'uxfrm')) !== undefined;
  const flush = isUxfrm ? ['perl', '-e', flushUxfrm] : ['ip', 'xfrm', 'state', 'flush'];
  await new Namespace(`lb-${gatewayId}`).runChecked(flush);
}

/** XFRM_MSG_FLUSHSA (28) for ESP (50), to the socket that stands for netlink; its answer has the error in its fifth word. */
const flushUxfrm = `
use Socket;
socket(my $uxfrm, AF_UNIX, SOCK_SEQPACKET, 0) or die $!;
connect($uxfrm, pack('S', AF_UNIX) . "\\0" x 7 . 'uxfrm') or die $!;
send($uxfrm, pack('LSSLLCx3', 20, 28, 5, 1, 0, 50), 0) or die $!;
recv($uxfrm, my $answer, 100, 0);
my @words = unpack('L4l', $answer);
die "refused: $words[4]" unless $words[4] == 0;
`;
