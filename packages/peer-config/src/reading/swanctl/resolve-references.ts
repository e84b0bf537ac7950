import type { Section, Setting } from './settings-tree.ts';

const mostReferences = 64;

/** A section and those that it refers to, the nearest first: how a setting is looked up (strongswan.conf(5), "Referencing Sections"). */
export class View {
  readonly #sections: readonly Section[];
  readonly #root: Section;

  private constructor(root: Section, sections: readonly Section[]) {
    this.#root = root;
    this.#sections = sections;
  }

  static of(root: Section): View {
    return new View(root, [root]);
  }

  get line(): number {
    return this.#sections[0]?.line ?? 1;
  }

  setting(key: string): Setting | undefined {
    for (const section of this.#sections) {
      const found = section.settings.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  settingKeys(): string[] {
    return [...new Set(this.#sections.flatMap((section) => [...section.settings.keys()]))];
  }

  /** Empty when there is no such section. */
  section(name: string): View {
    const own = this.#sections.flatMap((section) => section.sections.get(name) ?? []);
    const seen = new Set<Section>();
    own.forEach((section) => collect(this.#root, section, seen));
    return new View(this.#root, [...seen]);
  }

  sectionNames(): string[] {
    return [...new Set(this.#sections.flatMap((section) => [...section.sections.keys()]))];
  }
}

/** Each section once, however often others refer to it. */
function collect(root: Section, section: Section, seen: Set<Section>): void {
  if (seen.has(section) || seen.size === mostReferences) return;
  seen.add(section);
  for (const path of section.references) {
    if (seen.size === mostReferences) return;
    const parts = path.split('.');
    const referred = parts.reduce<Section | undefined>((at, part) => at?.sections.get(part), root);
    if (referred !== undefined) collect(root, referred, seen);
  }
}
