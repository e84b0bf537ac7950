import { createSocket } from 'node:dgram';
import { encodeDatagram } from './packet-format.ts';

// A program of its own, started inside a namespace by packet-stream.ts: sends numbered datagrams at a constant rate until told to stop.

const [address = '', port = '', ratePerSecond = ''] = process.argv.slice(2);
const socket = createSocket('udp4');
const started = process.hrtime.bigint();
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

process.once('message', () => {
  clearInterval(timer);
  process.send?.({ sent }, () => process.exit(0));
});
process.once('disconnect', () => process.exit(0));
