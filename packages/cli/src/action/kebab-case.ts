/** A wire name as the command line writes it: `IKEOptionsSpecification` is `ike-options-specification`. What is written so stays. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
