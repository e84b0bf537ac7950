import type { JsonObject } from '@landbridge/client';
import { cellLines, type Cell, type Place, type ReachabilityReply } from '../output/reachability.ts';
import type { Kind, PresentObject } from './site-object.ts';
import type { OrderedStep } from './steps.ts';

/** The cells of the reachability matrix that steps change, each tried by itself over what is there. */
export class ReachabilityOfSteps {
  readonly #steps: readonly OrderedStep[];
  readonly #names: ReadonlyMap<string, string>;
  readonly #cells = new Map<string, Cell>();
  #areAll = true;
  #untold = 0;

  constructor(steps: readonly OrderedStep[], present: readonly PresentObject[]) {
    const places = present.filter(({ kind }) => kindsOfPlaces.includes(kind));
    this.#steps = steps;
    this.#names = new Map(places.map(({ id, path }) => [id, path.join('/')]));
  }

  /** @param reply of PreviewChanges; without its fields where that was refused. */
  add(reply: JsonObject): void {
    const { Reachability: cells = [], ReachabilityComplete: areAll = true } = reply as Partial<ReachabilityReply>;
    for (const cell of cells) {
      const key = [cell.From, cell.To].map((place) => `${this.#nameOf(place)} ${place.Range}`).join(' ');
      this.#cells.set(key, cell);
    }
    this.#areAll &&= areAll;
  }

  /** A step of which nothing can be told: it takes several calls, or needs others done before. */
  addUntold(): void {
    this.#untold++;
  }

  lines(): string[] {
    const reply = { Reachability: [...this.#cells.values()], ReachabilityComplete: this.#areAll };
    const lines = cellLines(reply, (place) => this.#nameOf(place)).map((line) => `  ${line}`);
    return [...lines.sort(), ...this.#caveats()];
  }

  /** What is not there yet has another id in each preview. */
  #nameOf({ Id: id, Range: range }: Place): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const created = this.#steps.flatMap((step) => (step.do === 'create' ? [step.object] : []));
    return created.find(({ kind, fields }) => kind === 'subnet' && fields['cidr'] === range)?.path.join('/') ?? id;
  }

  #caveats(): string[] {
    if (this.#steps.length < 2) return [];
    const all = this.#steps.length;
    const untold =
      this.#untold === 0 ? '' : `, nor ${this.#untold} of ${all} that take several calls or need others first`;
    return [`  who reaches whom is told of each step alone: not what only several together change${untold}`];
  }
}

const kindsOfPlaces: readonly Kind[] = ['subnet', 'customerGateway', 'directConnectGateway'];
