import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Breakable, Mutation } from './operator.ts';

/** A piece of an expression, by position, and what is to stand there. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Pieces that are replaced at once, in the order of the text, and what that means. */
export interface Edit {
  readonly change: string;
  readonly pieces: readonly Piece[];
}

/** Every node of that kind, in the order of the text. */
export function nodesOf(expr: string, kind: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name === kind) found.push(node);
    },
  });
  return found;
}

/** One mutation an edit. What reads the same is numbered, so that a survivor can be found again. */
export function mutations(rule: Breakable, edits: readonly Edit[]): readonly Mutation[] {
  const same = Map.groupBy(edits, ({ change }) => change);
  return edits.map((edit) => {
    const twins = same.get(edit.change) ?? [];
    const number = twins.length > 1 ? ` (${twins.indexOf(edit) + 1} of ${twins.length})` : '';
    return { change: edit.change + number, broken: { ...rule, expr: replaced(rule.expr, edit.pieces) } };
  });
}

export function replaced(expr: string, pieces: readonly Piece[]): string {
  return pieces.reduceRight(
    (text, piece) => text.slice(0, piece.from) + piece.text + text.slice(piece.to),
    expr,
  );
}

/** The piece that takes one member out of a comma-separated list, a comma with it. */
export function withoutMember(members: readonly SyntaxNode[], member: SyntaxNode): Piece {
  const index = members.indexOf(member);
  const [before, after] = [members[index - 1], members[index + 1]];
  return { from: before?.to ?? member.from, to: before ? member.to : (after?.from ?? member.to), text: '' };
}
