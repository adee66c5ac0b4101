/** One element of a parsed document; names are resolved to namespace and local name. */
export interface XmlElement {
  readonly ns: string;
  readonly name: string;
  /** By local name for attributes without a namespace, `{ns}name` for the others. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The character data directly inside this element, concatenated. */
  readonly text: string;
  /** How much of the text stands before each child; without it, all. */
  readonly offsets?: readonly number[];
}

/** The first child with this name, if any. */
export function child(element: XmlElement, ns: string, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.ns === ns && candidate.name === name);
}

/** All children with this name. */
export function children(element: XmlElement, ns: string, name: string): readonly XmlElement[] {
  return element.children.filter((candidate) => candidate.ns === ns && candidate.name === name);
}
