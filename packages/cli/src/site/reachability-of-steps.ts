import type { JsonObject } from '@landbridge/client';
import { cellLines, type Cell, type Place, type ReachabilityReply } from '../output/reachability.ts';
import type { Kind, PresentObject } from './site-object.ts';
import type { OrderedStep } from './steps.ts';

/** The cells of the reachability matrix that steps change, each tried by itself over what is there. */
export class ReachabilityOfSteps {
  readonly #all: number;
  readonly #names: ReadonlyMap<string, string>;
  /** With names in the place of ids. */
  readonly #cells = new Map<string, Cell>();
  #areAll = true;
  #untold = 0;

  /** @param all how many steps there are. */
  constructor(all: number, present: readonly PresentObject[]) {
    const places = present.filter(({ kind }) => kindsOfPlaces.includes(kind));
    this.#all = all;
    this.#names = new Map(places.map(({ id, path }) => [id, path.join('/')]));
  }

  /** @param reply of PreviewChanges of the step; without its fields where that was refused. */
  add(reply: JsonObject, step: OrderedStep): void {
    const { Reachability: cells = [], ReachabilityComplete: areAll = true } = reply as Partial<ReachabilityReply>;
    for (const cell of cells) {
      const named = { ...cell, From: this.#named(cell.From, step), To: this.#named(cell.To, step) };
      this.#cells.set(JSON.stringify([named.From, named.To]), named);
    }
    this.#areAll &&= areAll;
  }

  /** A step of which nothing can be told: it takes several calls, or needs others done before. */
  addUntold(): void {
    this.#untold++;
  }

  lines(): string[] {
    const reply = { Reachability: [...this.#cells.values()], ReachabilityComplete: this.#areAll };
    const lines = cellLines(reply, ({ Id: name }) => name).map((line) => `  ${line}`);
    return [...lines.sort(), ...this.#caveats()];
  }

  /** What the step would make has an id only in its preview. */
  #named(place: Place, step: OrderedStep): Place {
    const known = this.#names.get(place.Id);
    if (known !== undefined) return { ...place, Id: known };
    const isMade = step.do === 'create' && step.object.kind === 'subnet' && step.object.fields['cidr'] === place.Range;
    return isMade ? { ...place, Id: step.object.path.join('/') } : place;
  }

  #caveats(): string[] {
    const all = this.#all;
    if (all < 2) return [];
    const untold =
      this.#untold === 0 ? '' : `, nor ${this.#untold} of ${all} that take several calls or need others first`;
    return [`  who reaches whom is told of each step alone: not what only several together change${untold}`];
  }
}

const kindsOfPlaces: readonly Kind[] = ['subnet', 'customerGateway', 'directConnectGateway'];
