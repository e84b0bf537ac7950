import { createSocket } from 'node:dgram';
import { decodeDatagram, encodeDatagram } from './packet-format.ts';
import { StreamTally } from './stream-tally.ts';

// A program of its own, started inside a namespace by packet-stream.ts: sends numbered datagrams at a constant rate until told
// to stop, and counts those that the receiver sends back.

const [address = '', port = '', ratePerSecond = ''] = process.argv.slice(2);
const socket = createSocket('udp4');
const started = process.hrtime.bigint();
const echoes = new StreamTally();
let sent = 0;

const timer = setInterval(() => {
  const due = Number(process.hrtime.bigint() - started) * 1e-9 * Number(ratePerSecond);
  for (; sent < due; sent++) {
    // An error (no route for a moment, say) is a lost packet like any other.
    socket.send(
      encodeDatagram({ sequence: sent, sentNs: process.hrtime.bigint() }),
      Number(port),
      address,
      () => undefined,
    );
  }
}, 1);

socket.on('message', (bytes) => {
  const datagram = decodeDatagram(bytes);
  if (datagram !== undefined) echoes.add(datagram.sequence, Number(process.hrtime.bigint()) / 1e6);
});
process.on('message', (request) => {
  if (request === 'stop') clearInterval(timer);
  process.send?.({ sent, echoes: echoes.summary() });
});
process.once('disconnect', () => process.exit(0));
