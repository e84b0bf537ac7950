import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

// A program of its own, started inside a namespace by address-scan.ts: one-byte datagrams to address after address at a constant
// rate, round and round. Writes how many it has sent.

const [first = '', addresses = '', rate = '', seconds = ''] = process.argv.slice(2);
const start = first.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
const socket = createSocket('udp4');
const began = performance.now();
let sent = 0;
for (let elapsed = 0; elapsed < Number(seconds); elapsed = (performance.now() - began) / 1000) {
  const due = elapsed * Number(rate);
  for (; sent < due; sent++) {
    const number = start + (sent % Number(addresses));
    const address = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
    // An error is a packet that was not sent; so many are wanted that some do not matter.
    socket.send('x', 9, address, () => undefined);
  }
  await delay(1);
}
socket.close();
process.stdout.write(String(sent));
