import { about } from '../schema/about.ts';
import { text } from '../schema/request-schemas.ts';

/** Of a CCN, and of what belongs to one. */
export const ccnDescription = () => about(text({ maxBytes: 100 }), 'Words of your own, at most 100 bytes.');
