/** UDP: peers are asked what they would accept from this port of a gateway (peer-questions/), since charon has 500; answers come there. */
export const askingPort = 50_500;
export const ikePort = 500;
