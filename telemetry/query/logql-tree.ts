import type { SyntaxNode } from '@lezer/common';

/** Nodes of that kind at or below the node, in the order of the text. */
export function descendants(node: SyntaxNode, kind: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = node.name === kind ? [node] : [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(...descendants(child, kind));
  return found;
}
