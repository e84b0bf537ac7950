/** The newest number of a series that counts up from 1 and gives none twice. */
export interface Counter {
  readonly name: string;
  readonly value: number;
}
