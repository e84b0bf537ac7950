import { createSocket } from 'node:dgram';
import { decodeDatagram } from './packet-format.ts';
import { StreamTally } from './stream-tally.ts';

// A program of its own, started inside a namespace by packet-stream.ts: counts numbered datagrams and answers each message with the tally so far.

const tally = new StreamTally();
const socket = createSocket('udp4');

socket.on('message', (bytes) => {
  const datagram = decodeDatagram(bytes);
  if (datagram !== undefined) tally.add(datagram.sequence, Number(process.hrtime.bigint()) / 1e6);
});
process.on('message', () => process.send?.(tally.summary()));
process.once('disconnect', () => process.exit(0));
socket.bind(Number(process.argv[2]), () => process.send?.(tally.summary()));
