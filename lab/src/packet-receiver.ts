import { createSocket } from 'node:dgram';
import { decodeDatagram } from './packet-format.ts';
import { StreamTally } from './stream-tally.ts';

// A program of its own, started inside a namespace by packet-stream.ts: counts numbered datagrams, sends them back when told
// to, and answers each message with the tally so far.

const [port, mode] = process.argv.slice(2);
const tally = new StreamTally();
const socket = createSocket('udp4');

socket.on('message', (bytes, sender) => {
  const datagram = decodeDatagram(bytes);
  if (datagram === undefined) return;
  tally.add(datagram.sequence, Number(process.hrtime.bigint()) / 1e6);
  if (mode === 'echo') socket.send(bytes, sender.port, sender.address, () => undefined);
});
process.on('message', () => process.send?.(tally.summary()));
process.once('disconnect', () => process.exit(0));
socket.bind(Number(port), () => process.send?.(tally.summary()));
